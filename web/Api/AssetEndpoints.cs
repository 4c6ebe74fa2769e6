using Beacon.Alerting;
using Beacon.Collectors.Enrichment;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Assets;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>What is protected.</summary>
internal static class AssetEndpoints
{
    /// <param name="Version">From the answer that was read; empty for a new asset.</param>
    internal sealed record AssetBody(
        string? Version, string? Name, IReadOnlyList<string>? Names, AssetImportance Importance, string? Owner, string? Organisation, string? Sector, string? Zone, string? Note, IReadOnlyList<string>? Software);

    /// <param name="Version">A change names it.</param>
    internal sealed record AssetShape(
        string Id, string Name, IReadOnlyList<string> Names, AssetImportance Importance, string Owner, string Organisation, string Sector, string Zone, string Note, IReadOnlyList<string> Software, string Version);

    internal sealed record AssetPage(int Total, IReadOnlyList<AssetShape> Items);

    internal sealed record RemoveBody(string? Version, string? Reason);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/assets", (AssetDesk desk, string? text, int offset = 0, int limit = 500) =>
        {
            if (offset < 0 || limit is < 1 or > 1_000) return ApiEndpoints.Problem(400, "offset is 0 or more, limit is 1 to 1000");
            var found = AssetSearch.Find(desk.All, text ?? "");
            return Results.Ok(new AssetPage(found.Count, [.. found.Skip(offset).Take(limit).Select(Shape)]));
        }).WithSummary("Assets by id; text stands in any of their words").Answers<AssetPage>().Pages(1_000);
        read.MapGet("/assets/{id}", (string id, AssetDesk desk) => desk.Find(id) is { } asset ? Results.Ok(Shape(asset)) : ApiEndpoints.Problem(404, "there is no such asset")).WithSummary("One asset, with the version that a change names").Answers<AssetShape>();

        var own = read.MapGroup("/assets").RequireAuthorization(Policies.Own);
        own.MapPut("/{id}", async (string id, AssetBody body, HttpContext http, AssetDesk desk, CancellationToken cancellation) =>
        {
            var asset = new Asset(id, body.Name is { Length: > 0 } name ? name : id, body.Names ?? [], body.Importance, body.Owner ?? "", body.Organisation ?? "", body.Sector ?? "", body.Zone ?? "", body.Note ?? "", body.Software);
            return Answer(await desk.SaveAsync(asset, body.Version ?? "", http.User.Actor().Name, cancellation));
        }).WithSummary("Adds an asset, or changes it under the version that was read").Takes("""{"version":"","name":"Bastion","names":["10.20.0.5"],"importance":"Important","owner":"network team","organisation":"lakeshore-water","sector":"water","zone":"dmz","note":"","software":["openssh 9.9"]}""").Answers<AssetShape>();
        own.MapPost("/{id}/remove", async (string id, RemoveBody body, HttpContext http, AssetDesk desk, CancellationToken cancellation) =>
            Answer(await desk.RemoveAsync(id, body.Version ?? "", body.Reason ?? "", http.User.Actor().Name, cancellation))).WithSummary("Removes an asset: {version, reason}").Takes("""{"version":"9f86d081884c7d65","reason":"taken out of service"}""").Answers<AssetShape>();
        own.MapPost("/import", ImportAsync).TakesRaw("text/csv", "id,name,importance\nbas-01,Bastion,important\n").WithSummary("Assets from CSV: all or none; dryRun=true only says what would change").Answers<AssetImportReport>().Where("dryRun", "Changes nothing.");
    }

    private static async Task<IResult> ImportAsync(HttpContext http, AssetDesk desk, bool dryRun = false, CancellationToken cancellation = default)
    {
        if (http.Request.ContentLength > AssetCsv.MaxLength) return ApiEndpoints.Problem(413, $"at most {AssetCsv.MaxLength} bytes");
        using var reader = new StreamReader(http.Request.Body);
        var csv = new System.Text.StringBuilder();
        var piece = new char[16_384];
        for (int n; (n = await reader.ReadAsync(piece, cancellation)) > 0;)
        {
            if (csv.Length + n > AssetCsv.MaxLength) return ApiEndpoints.Problem(413, $"at most {AssetCsv.MaxLength} characters");
            csv.Append(piece, 0, n);
        }
        return Results.Ok(dryRun ? desk.Check(csv.ToString()) : await desk.ImportAsync(csv.ToString(), http.User.Actor().Name, cancellation));
    }

    private static IResult Answer(Outcome<Asset> outcome) => outcome.Done ? Results.Ok(Shape(outcome.Value)) : ApiEndpoints.Answer(outcome);

    private static AssetShape Shape(Asset a) => new(a.Id, a.Name, a.Names, a.Importance, a.Owner, a.Organisation, a.Sector, a.Zone, a.Note, a.Software ?? [], AssetDesk.VersionOf(a));
}
