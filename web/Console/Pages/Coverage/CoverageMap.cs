using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Coverage;

/// <summary>What would be seen of a technique.</summary>
public enum CoverageState
{
    /// <summary>A rule for it matched within the last 90 days.</summary>
    Fired,
    /// <summary>Rules are on, and none of them can match: no data reaches them.</summary>
    Blind,
    /// <summary>A staged rule looks for it: it counts, and raises nothing yet.</summary>
    Staged,
    /// <summary>No rule that is on looks for it.</summary>
    NoRule,
    /// <summary>A rule that is on can match, and has not.</summary>
    Live,
}

/// <param name="Rules">Rules that name it or one of its sub-techniques; those that are on first.</param>
/// <param name="Matches">Of the rules that matched within the last 90 days, since they were first loaded.</param>
public sealed record CoverageCell(AttackTechnique Technique, CoverageState State, IReadOnlyList<RuleView> Rules, long Matches)
{
    public string Id => Technique.Id;
}

/// <param name="Seen">Techniques with a rule that can match.</param>
public sealed record CoverageColumn(AttackTactic Tactic, IReadOnlyList<CoverageCell> Cells, int Seen);

/// <param name="Techniques">For want of this, by id.</param>
public sealed record CoverageGap(Phrase Reason, IReadOnlyList<string> Techniques);

/// <summary>The matrix of one domain, shaded by what the rules can see: sub-techniques count with their technique, revoked ones with what took their place.</summary>
public sealed class CoverageMap
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(90);

    // What no log of one's own shows: preparations outside.
    private static readonly string[] Outside = ["reconnaissance", "resource-development"];

    public CoverageMap(AttackDomain domain, IReadOnlyList<RuleView> rules, DateTimeOffset now)
    {
        Domain = domain;
        var byTechnique = rules.SelectMany(static r => AttackTags.TechniquesOf(r.Tags).Select(static t => Parent(t)).OfType<string>().Distinct(StringComparer.Ordinal).Select(t => (Technique: t, Rule: r))).ToLookup(static p => p.Technique, static p => p.Rule, StringComparer.Ordinal);
        var cells = AttackCatalog.Techniques.Where(t => t.Domain == domain && t.State.Length == 0 && !t.Id.Contains('.', StringComparison.Ordinal))
            .Select(t => Cell(t, [.. byTechnique[t.Id].OrderByDescending(static r => r.Enabled).ThenByDescending(static r => r.LastMatch)], now)).ToList();
        Columns = [.. AttackCatalog.Tactics.Where(t => t.Domain == domain && t.State.Length == 0 && !Outside.Contains(t.ShortName)).Select(tactic => new CoverageColumn(tactic,
            [.. cells.Where(c => c.Technique.Tactics.Contains(tactic.ShortName)).OrderBy(static c => c.State).ThenByDescending(static c => c.Matches).ThenBy(static c => c.Technique.Name, StringComparer.Ordinal)],
            cells.Count(c => c.Technique.Tactics.Contains(tactic.ShortName) && c.State is (CoverageState.Fired or CoverageState.Live))))];
        var shown = Columns.SelectMany(static c => c.Cells).DistinctBy(static c => c.Id).ToList();
        Techniques = shown.ToDictionary(static c => c.Id, StringComparer.Ordinal);
        Gaps = [.. shown.Where(static c => c.State == CoverageState.Blind).SelectMany(static c => c.Rules.Where(static r => r is { Enabled: true, BlindReason: not null }).Select(static r => r.BlindReason!).Distinct().Select(reason => (reason, c.Id)))
            .GroupBy(static p => p.reason, static p => p.Id).Select(static g => new CoverageGap(g.Key, [.. g.Distinct(StringComparer.Ordinal)])).OrderByDescending(static g => g.Techniques.Count).ThenBy(static g => g.Reason.ToString(), StringComparer.Ordinal)];
    }

    public AttackDomain Domain { get; }
    public IReadOnlyList<CoverageColumn> Columns { get; }
    public IReadOnlyDictionary<string, CoverageCell> Techniques { get; }
    public IReadOnlyList<CoverageGap> Gaps { get; }

    /// <summary>Techniques whose rules are there and raise nothing yet: drafts, in test, staged, retired.</summary>
    public IEnumerable<CoverageCell> Waiting => Techniques.Values.Where(static c => c.State is CoverageState.NoRule or CoverageState.Staged && c.Rules.Count > 0).OrderByDescending(static c => c.Rules.Count).ThenBy(static c => c.Id, StringComparer.Ordinal);

    /// <summary>Tactics by how many of their techniques no rule looks for, the most first.</summary>
    public IEnumerable<(CoverageColumn Column, IReadOnlyList<CoverageCell> Unruled)> Unruled =>
        Columns.Select(static c => (Column: c, Unruled: (IReadOnlyList<CoverageCell>)[.. c.Cells.Where(static i => i.Rules.Count == 0)])).Where(static c => c.Unruled.Count > 0).OrderByDescending(static c => c.Unruled.Count);

    public int Count(CoverageState state) => Techniques.Values.Count(c => c.State == state);

    private static string? Parent(string id)
    {
        if (AttackCatalog.Find(id) is not { } technique) return null;
        var current = AttackCatalog.Current(technique).Id;
        return current.Split('.')[0];
    }

    private static CoverageCell Cell(AttackTechnique technique, IReadOnlyList<RuleView> rules, DateTimeOffset now)
    {
        var on = rules.Where(static r => r.Enabled).ToList();
        var fired = on.Where(r => r.LastMatch > now - Recent).ToList();
        var state = fired.Count > 0 ? CoverageState.Fired : on.Count == 0 ? rules.Any(static r => r.Stage == RuleStage.Staged) ? CoverageState.Staged : CoverageState.NoRule : on.TrueForAll(static r => r.BlindReason is not null) ? CoverageState.Blind : CoverageState.Live;
        return new CoverageCell(technique, state, rules, fired.Sum(static r => r.Matches));
    }
}
