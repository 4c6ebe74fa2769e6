using Beacon.Detections.Attack;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Versions;
using Beacon.Web.Console.Pages.Rules;
using Beacon.Web.Rules;

namespace Beacon.Web.Api;

/// <summary>Rules: what there is, where each stands, and which texts it had.</summary>
internal static class RuleEndpoints
{
    public const int MaxLimit = 5_000;

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/rules", List).WithSummary("Rules with their counts and cost, and what is wrong with rule files; sort is title, cost, matches, errors or lastMatch; stage, pack and technique filter; offset and limit (1 to 5,000)");
        read.MapGet("/rules/coverage", Coverage).WithSummary("The rules that are live, as a layer of the ATT&CK Navigator; domain is enterprise or ics");
        read.MapGet("/rules/{id}", (string id, HttpContext http, RuleCatalog rules) =>
        {
            if (rules.Find(id) is not { } rule) return ApiEndpoints.Problem(404, "there is no such rule");
            http.Response.Headers.ETag = Tag(rule);
            return Results.Ok(rule);
        }).WithSummary("One rule; its ETag is what a change of its text names in If-Match");
        read.MapGet("/rules/{id}/stage", StageAsync).WithSummary("Where a rule stands, which moves there are from there, what its text was not tried on, and its moves, newest first");
        read.MapGet("/rules/{id}/staged", StagedAsync).WithSummary("What a rule found by day over 30 days, live and staged, and the newest of what it would have raised while staged");
        read.MapGet("/rules/{id}/versions", async (string id, RuleCatalog rules, RuleVersions versions, CancellationToken cancellation) => rules.Find(id) is { } rule
            ? Results.Ok(new { id = rule.Id, versions = (await versions.ListAsync(rule.Id, cancellation)).Select(Shape) })
            : ApiEndpoints.Problem(404, "there is no such rule")).WithSummary("Texts that one of the installation's rules had, newest first, at most 200");
        read.MapGet("/rules/{id}/versions/{number:long}", VersionAsync).WithSummary("One text; with against, the number of another, also what changed line by line");
    }

    public static string Tag(RuleView rule) => $"\"{rule.Revision}\"";

    private static IResult List(RuleCatalog rules, string sort = "title", string? stage = null, string? pack = null, string? technique = null, int offset = 0, int limit = MaxLimit)
    {
        if (offset < 0 || limit is < 1 or > MaxLimit) return ApiEndpoints.Problem(400, $"offset is 0 or more, limit is 1 to {MaxLimit}");
        var wanted = RuleStage.Draft;
        if (stage is not null && (!Enum.TryParse(stage, ignoreCase: true, out wanted) || !Enum.IsDefined(wanted))) return ApiEndpoints.Problem(400, "stage is " + string.Join(", ", Enum.GetNames<RuleStage>()));
        if (pack is not null && !RulePack.All.Contains(pack)) return ApiEndpoints.Problem(400, "pack is " + string.Join(", ", RulePack.All));
        if (RuleOrder.Sort(rules.Rules, sort) is not { } sorted) return ApiEndpoints.Problem(400, "sort is " + string.Join(", ", RuleOrder.Names));
        var found = sorted.Where(r => (stage is null || r.Stage == wanted) && (pack is null || RulePack.Of(r) == pack) && (technique is null || r.Tags.Any(t => Names(t, technique)))).ToList();
        return Results.Ok(new { total = found.Count, rules = found.Skip(offset).Take(limit), faults = rules.Faults });
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
        ? Results.Ok(new
        {
            id = rule.Id, rule.Stage, moves = StageMoves.From(rule.Stage).Select(static m => new { m.To, m.AsksReason }), untried = await desk.UntriedAsync(rule, cancellation),
            history = (await rules.MovesAsync(rule.Id, cancellation)).Select(static m => new { m.Number, m.From, m.To, at = m.At.UtcDateTime, m.By, m.Reason }),
        })
        : ApiEndpoints.Problem(404, "there is no such rule");

    private static async Task<IResult> StagedAsync(string id, RuleCatalog rules, CancellationToken cancellation)
    {
        if (rules.Find(id) is not { } rule) return ApiEndpoints.Problem(404, "there is no such rule");
        var days = (await rules.DaysAsync(cancellation)).GetValueOrDefault(rule.Id);
        return Results.Ok(new
        {
            id = rule.Id, live = days?.Live ?? [], staged = days?.Staged ?? [],
            examples = (await rules.StagedExamplesAsync(rule.Id, cancellation)).Select(static e => new { time = e.Time.UtcDateTime, e.Entity, e.Summary, @event = e.EventId.Length > 0 ? e.EventId : null }),
        });
    }

    private static async Task<IResult> VersionAsync(string id, long number, RuleCatalog rules, RuleVersions versions, long? against = null, CancellationToken cancellation = default)
    {
        if (rules.Find(id) is not { } rule || await versions.FindAsync(rule.Id, number, cancellation) is not { } version) return ApiEndpoints.Problem(404, "there is no such version");
        if (against is not { } other) return Results.Ok(new { version.Number, at = version.At.UtcDateTime, version.By, version.Reason, version.Text });
        if (await versions.FindAsync(rule.Id, other, cancellation) is not { } before) return ApiEndpoints.Problem(404, $"there is no version {other}");
        return Results.Ok(new { version.Number, at = version.At.UtcDateTime, version.By, version.Reason, version.Text, against = other, lines = LineDiff.Of(before.Text!, version.Text!) });
    }

    private static object Shape(RuleVersion v) => new { v.Number, at = v.At.UtcDateTime, v.By, v.Reason };

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
