using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Alerting.Warnings;
using Beacon.Detections.Attack;
using Beacon.Events;
using Beacon.Web.Console.Shell;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Pages.Warnings;

/// <summary>
/// Says in the viewer's language why a warning has its level. The sentences are kept as grading wrote them, for the record; those that it
/// writes are known here by their form and said anew, anything else (a person's own words) stands as it is.
/// </summary>
public sealed partial class WarningWords(IStringLocalizer<WarningsText> T, IStringLocalizer<MarkText> Mark, IKnownTexts texts)
{
    /// <summary>As <see cref="Clause(string, AssetImportance, DamageGrade)"/>, with the grades of the cell that the clause itself names.</summary>
    public string Clause(string clause)
    {
        var cell = ClauseForm().Match(clause);
        var (importance, damage) = cell.Success ? ((AssetImportance)(3 - Digit(cell, "row")), (DamageGrade)(4 - Digit(cell, "column"))) : default;
        return Enum.IsDefined(importance) && Enum.IsDefined(damage) ? Clause(clause, importance, damage) : clause;
    }

    private static int Digit(Match cell, string name) => cell.Groups[name].Value[0] - '0';

    /// <summary>Which cell of the matrix gave the level, and what raised it beyond that.</summary>
    public string Clause(string clause, AssetImportance importance, DamageGrade damage)
    {
        if (ClauseForm().Match(clause) is { Success: true } m)
        {
            var said = T["ClauseIs", m.Groups["row"].Value, m.Groups["column"].Value, m.Groups["matrix"].Value, T["Importance" + importance], T["Damage" + damage], Level(m.Groups["level"].Value)];
            return m.Groups["why"].Success ? T["Sentences", said, T["SpreadIs", Spread(m.Groups["why"].Value), Level(m.Groups["raised"].Value)]] : said;
        }
        return DecidedForm().Match(clause) is { Success: true } d ? T["DecidedBy", d.Groups["who"].Value, Level(d.Groups["level"].Value), d.Groups["why"].Value] : clause;
    }

    /// <summary>A title that grading wrote, in the viewer's language.</summary>
    public string Title(string title)
    {
        foreach (var (name, form) in WarningCategories.Titles)
        {
            var at = form.IndexOf("{0}", StringComparison.Ordinal);
            var (before, after) = (form[..at], form[(at + 3)..]);
            if (title.Length > before.Length + after.Length && title.StartsWith(before, StringComparison.Ordinal) && title.EndsWith(after, StringComparison.Ordinal)) return T["Title" + name, title[before.Length..^after.Length]];
        }
        return title;
    }

    /// <summary>How much happened, within what time and to how many, and the way the attack went.</summary>
    internal string InShort(Happened happened, WarningDetail warning, Viewer viewer)
    {
        var hit = Viewer.Number(Math.Max(1, warning.Assets.Count));
        string said = happened.Alerts == 1 ? T["HappenedOne", Viewer.Number(happened.Detections), hit] : T["HappenedIn", Viewer.Number(happened.Alerts), Viewer.Number(happened.Detections), viewer.Span(happened.Span), hit];
        return warning.Stages.Count == 0 ? said : T["Sentences", said, T["StagesAre", string.Join(" → ", warning.Stages.Select(Tactic))]];
    }

    /// <summary>Advice, what a stage means, what follows it, what to watch: in the viewer's language where it is ours.</summary>
    public string Said(string text) => texts.In(text, CultureInfo.CurrentUICulture.Name);

    /// <summary>Why an asset counts as hit: a rule's title, or that an alert names it.</summary>
    public string Why(string why) => why == "named by an alert of the incident" ? T["NamedByAlert"] : why;

    /// <summary>What an exposed asset has in common with one that is hit: "zone dmz".</summary>
    public string Shares(IEnumerable<string> shares) => string.Join(T["Comma"], shares.Select(s => s.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 && T["Share" + s[..space]] is { ResourceNotFound: false } word ? $"{word} {s[(space + 1)..]}" : s));

    /// <summary>Which rule gave the grade of damage.</summary>
    public string Damage(string reason)
    {
        if (SeverityForm().Match(reason) is { Success: true } s) return T["ByGravest", Word(s.Groups[1].Value)];
        if (StagesForm().Match(reason) is { Success: true } n) return T["ByStages", n.Groups[1].Value, Tactics(n.Groups[2].Value)];
        if (InsideForm().Match(reason) is { Success: true } i) return T["ByInside", Tactic(i.Groups[1].Value)];
        if (SpreadsForm().Match(reason) is { Success: true } p) return T["BySpreading", Tactic(p.Groups[1].Value)];
        if (AtOnceForm().Match(reason) is { Success: true } a) return T["ByAtOnce", a.Groups[1].Value];
        return EffectForm().Match(reason) is { Success: true } e ? T["ByEffect", Tactic(e.Groups[1].Value)] : reason;
    }

    /// <summary>A tactic of ATT&amp;CK by its short name; one that is not known stands as it is.</summary>
    public string Tactic(string name) => T["Tactic" + name.Trim()] is { ResourceNotFound: false } said ? said : name;

    /// <summary>As <see cref="Tactic(string)"/>, in English with ATT&amp;CK's own writing.</summary>
    public string Tactic(AttackTactic tactic) => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? tactic.Name : Tactic(tactic.ShortName);

    public string Tactics(string names) => string.Join(T["Comma"], names.Split(',', StringSplitOptions.TrimEntries).Select(Tactic));

    private string Spread(string why)
    {
        if (OrganisationsForm().Match(why) is { Success: true } o) return T["InOrganisations", o.Groups[1].Value, o.Groups[2].Value];
        if (SectorsForm().Match(why) is { Success: true } s) return T["InSectors", s.Groups[1].Value, s.Groups[2].Value];
        return AssetsForm().Match(why) is { Success: true } a ? T["OnAssets", a.Groups[1].Value] : why;
    }

    private string Level(string level) => Enum.TryParse<WarningLevel>(level, ignoreCase: true, out var known) ? Mark.Within(known) : level;
    private string Word(string severity) => Enum.TryParse<Severity>(severity, ignoreCase: true, out var known) ? Mark.Within(known) : severity;

    [GeneratedRegex("^clause (?<row>[0-9])\\.(?<column>[0-9]) of matrix (?<matrix>[0-9]{1,9}): [^→]{1,100} → (?<level>[a-z]{1,10})(; spread rule: (?<why>.{1,500}), so (?<raised>[a-z]{1,10}))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ClauseForm();

    [GeneratedRegex("^decided by (?<who>.{1,200}?): (?<level>blue|yellow|orange|red), (?<why>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex DecidedForm();

    [GeneratedRegex("^the gravest alert is ([a-z]+)$")]
    private static partial Regex SeverityForm();

    [GeneratedRegex("^([0-9]+) stages of an attack were seen: ([a-z, -]+)$")]
    private static partial Regex StagesForm();

    [GeneratedRegex("^the attack is inside: ([a-z-]+)$")]
    private static partial Regex InsideForm();

    [GeneratedRegex("^the attack spreads: ([a-z-]+)$")]
    private static partial Regex SpreadsForm();

    [GeneratedRegex("^the attack takes effect: ([a-z-]+)$")]
    private static partial Regex EffectForm();

    [GeneratedRegex("^the attack takes effect on ([0-9]+) assets at once$")]
    private static partial Regex AtOnceForm();

    [GeneratedRegex("^seen in ([0-9]+) organisations: (.+)$")]
    private static partial Regex OrganisationsForm();

    [GeneratedRegex("^seen in ([0-9]+) sectors: (.+)$")]
    private static partial Regex SectorsForm();

    [GeneratedRegex("^seen on ([0-9]+) assets$")]
    private static partial Regex AssetsForm();
}
