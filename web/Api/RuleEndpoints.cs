using System.Text.Json.Nodes;
using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Detections.Rules.Versions;
using Beacon.Detections.Sigma;
using Beacon.Web.Api.Document;
using Beacon.Web.Console.Pages.Rules;
using Beacon.Web.Rules;

namespace Beacon.Web.Api;

/// <summary>Rules: what there is, where each stands, and which texts it had.</summary>
internal static class RuleEndpoints
{
    public const int MaxLimit = 5_000;

    /// <param name="Total">Rules that fit, on all pages.</param>
    /// <param name="Faults">What is wrong with rule files.</param>
    internal sealed record RuleList(int Total, IReadOnlyList<RuleView> Rules, IReadOnlyList<SigmaFault> Faults);

    internal sealed record OfferedMove(RuleStage To, bool AsksReason);

    internal sealed record MadeMove(long Number, RuleStage From, RuleStage To, DateTime At, string By, string Reason);

    /// <param name="Moves">Ways from this stage.</param>
    /// <param name="Untried">What the text was not tried on; into live it goes confirmed then.</param>
    /// <param name="History">Newest first, at most 200.</param>
    internal sealed record RuleStanding(string Id, RuleStage Stage, IReadOnlyList<OfferedMove> Moves, IReadOnlyList<TrialKind> Untried, IReadOnlyList<MadeMove> History);

    internal sealed record WouldRaise(DateTime Time, string Entity, string Summary, string? Event);

    /// <param name="Live">By day, 30 of them, today last; empty where it found nothing.</param>
    /// <param name="Staged">The same, while it was staged.</param>
    /// <param name="Examples">What it would have raised while staged, newest first, at most 20.</param>
    internal sealed record RuleFound(string Id, IReadOnlyList<long> Live, IReadOnlyList<long> Staged, IReadOnlyList<WouldRaise> Examples);

    /// <param name="By">Empty for a text that was found in a file.</param>
    internal sealed record VersionEntry(long Number, DateTime At, string By, string Reason);

    internal sealed record VersionList(string Id, IReadOnlyList<VersionEntry> Versions);

    /// <param name="Against">Number of the version that it is compared with.</param>
    /// <param name="Lines">What changed since that one.</param>
    internal sealed record VersionText(long Number, DateTime At, string By, string Reason, string Text, long? Against, IReadOnlyList<DiffLine>? Lines);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/rules", List).WithSummary("Rules with their counts and cost, and what is wrong with rule files; stage, pack and technique filter").Answers<RuleList>().Pages(MaxLimit)
            .Where("sort", "title, cost, matches, errors or lastMatch.").Where("stage", "Only those of this stage: " + string.Join(", ", Enum.GetNames<RuleStage>()) + ".").Where("pack", "Only those for this: " + string.Join(", ", RulePack.All) + ".")
            .Where("technique", "Only those with this technique of ATT&CK, its sub-techniques included: T1110.");
        read.MapGet("/rules/coverage", Coverage).WithSummary("The rules that are live, as a layer of the ATT&CK Navigator; domain is enterprise or ics").Answers<JsonObject>("""{"name":"Beacon: Enterprise","versions":{"layer":"4.5"},"domain":"enterprise-attack","techniques":[{"techniqueID":"T1110","score":4}]}""").Where("domain", "enterprise or ics.");
        read.MapGet("/rules/{id}", (string id, HttpContext http, RuleCatalog rules) =>
        {
            if (rules.Find(id) is not { } rule) return Unknown;
            http.Response.Headers.ETag = Tag(rule);
            return Results.Ok(rule);
        }).WithSummary("One rule; its ETag is what a change of its text names in If-Match").Answers<RuleView>();
        read.MapGet("/rules/{id}/stage", StageAsync).WithSummary("Where a rule stands, which moves there are from there, what its text was not tried on, and its moves").Answers<RuleStanding>();
        read.MapGet("/rules/{id}/staged", StagedAsync).WithSummary("What a rule found by day, live and staged, and the newest of what it would have raised while staged").Answers<RuleFound>();
        read.MapGet("/rules/{id}/versions", async (string id, RuleCatalog rules, RuleVersions versions, CancellationToken cancellation) => rules.Find(id) is { } rule
            ? Results.Ok(new VersionList(rule.Id, [.. (await versions.ListAsync(rule.Id, cancellation)).Select(static v => new VersionEntry(v.Number, v.At.UtcDateTime, v.By, v.Reason))]))
            : Unknown).WithSummary("Texts that one of the installation's rules had, newest first, at most 200").Answers<VersionList>();
        read.MapGet("/rules/{id}/versions/{number:long}", VersionAsync).WithSummary("One text; with against, also what changed line by line").Answers<VersionText>().Where("number", "The version's, from 1.").Where("against", "Number of the version to compare with.");
    }

    private static IResult Unknown => ApiEndpoints.Problem(404, "there is no such rule");

    public static string Tag(RuleView rule) => $"\"{rule.Revision}\"";

    private static IResult List(RuleCatalog rules, string sort = "title", string? stage = null, string? pack = null, string? technique = null, int offset = 0, int limit = MaxLimit)
    {
        if (offset < 0 || limit is < 1 or > MaxLimit) return ApiEndpoints.Problem(400, $"offset is 0 or more, limit is 1 to {MaxLimit}");
        var wanted = RuleStage.Draft;
        if (stage is not null && (!Enum.TryParse(stage, ignoreCase: true, out wanted) || !Enum.IsDefined(wanted))) return ApiEndpoints.Problem(400, "stage is " + string.Join(", ", Enum.GetNames<RuleStage>()));
        if (pack is not null && !RulePack.All.Contains(pack)) return ApiEndpoints.Problem(400, "pack is " + string.Join(", ", RulePack.All));
        if (RuleOrder.Sort(rules.Rules, sort) is not { } sorted) return ApiEndpoints.Problem(400, "sort is " + string.Join(", ", RuleOrder.Names));
        var found = sorted.Where(r => (stage is null || r.Stage == wanted) && (pack is null || RulePack.Of(r) == pack) && (technique is null || r.Tags.Any(t => Names(t, technique)))).ToList();
        return Results.Ok(new RuleList(found.Count, [.. found.Skip(offset).Take(limit)], rules.Faults));
    }

    /// <summary>A technique names its sub-techniques, too.</summary>
    private static bool Names(string tag, string technique)
    {
        const string attack = "attack.";
        if (!tag.StartsWith(attack, StringComparison.OrdinalIgnoreCase)) return false;
        var name = tag.AsSpan(attack.Length);
        return name.StartsWith(technique, StringComparison.OrdinalIgnoreCase) && (name.Length == technique.Length || name[technique.Length] == '.');
    }

    private static async Task<IResult> StageAsync(string id, RuleCatalog rules, RuleDesk desk, CancellationToken cancellation) => rules.Find(id) is { } rule
        ? Results.Ok(new RuleStanding(rule.Id, rule.Stage, [.. StageMoves.From(rule.Stage).Select(static m => new OfferedMove(m.To, m.AsksReason))], await desk.UntriedAsync(rule, cancellation),
            [.. (await rules.MovesAsync(rule.Id, cancellation)).Select(static m => new MadeMove(m.Number, m.From, m.To, m.At.UtcDateTime, m.By, m.Reason))]))
        : Unknown;

    private static async Task<IResult> StagedAsync(string id, RuleCatalog rules, CancellationToken cancellation)
    {
        if (rules.Find(id) is not { } rule) return Unknown;
        var days = (await rules.DaysAsync(cancellation)).GetValueOrDefault(rule.Id);
        return Results.Ok(new RuleFound(rule.Id, days?.Live ?? [], days?.Staged ?? [],
            [.. (await rules.StagedExamplesAsync(rule.Id, cancellation)).Select(static e => new WouldRaise(e.Time.UtcDateTime, e.Entity, e.Summary, e.EventId.Length > 0 ? e.EventId : null))]));
    }

    private static async Task<IResult> VersionAsync(string id, long number, RuleCatalog rules, RuleVersions versions, long? against = null, CancellationToken cancellation = default)
    {
        if (rules.Find(id) is not { } rule || await versions.FindAsync(rule.Id, number, cancellation) is not { } version) return ApiEndpoints.Problem(404, "there is no such version");
        var before = against is { } other ? await versions.FindAsync(rule.Id, other, cancellation) : null;
        return against is not null && before is null
            ? ApiEndpoints.Problem(404, $"there is no version {against}")
            : Results.Ok(new VersionText(version.Number, version.At.UtcDateTime, version.By, version.Reason, version.Text!, before?.Number, before is null ? null : LineDiff.Of(before.Text!, version.Text!)));
    }

    private static IResult Coverage(RuleCatalog rules, string domain = "enterprise")
    {
        if (domain is not ("enterprise" or "ics")) return ApiEndpoints.Problem(400, "domain is enterprise or ics");
        var layer = new AttackLayer(domain == "ics" ? AttackDomain.Ics : AttackDomain.Enterprise, domain == "ics" ? "Beacon: ICS" : "Beacon: Enterprise",
            rules.Rules.Where(static r => r.Enabled).Select(static r => new LayerRule(r.Id, r.Title, r.Tags, r.BlindReason is not null)));
        using var json = new MemoryStream();
        layer.Write(json);
        return Results.Bytes(json.ToArray(), "application/json");
    }
}
