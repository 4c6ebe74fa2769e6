using Beacon.Alerting;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Events;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Beacon.Web.Api;

/// <summary>Evidence of incidents. What was handed in is only ever given out to be saved, never as a page.</summary>
internal static class EvidenceEndpoints
{
    private const int MaxParts = 20;

    internal sealed record EvidenceBody(string? To, string? Reason, string? Event, string? Description, int Version = 0);

    internal sealed record EvidenceText(string Text);

    public static void Map(RouteGroupBuilder read, RouteGroupBuilder operate)
    {
        read.MapGet("/incidents/{id:long}/evidence", async (long id, IIncidentEvidence evidence, CancellationToken cancellation) => Results.Ok(await evidence.ListAsync(id, cancellation))).WithSummary("Evidence, what was removed too").Answers<IReadOnlyList<EvidenceItem>>();
        read.MapGet("/incidents/{id:long}/evidence/{item:long}/custody", async (long id, long item, IIncidentEvidence evidence, CancellationToken cancellation) => Results.Ok(await evidence.CustodyAsync(id, item, cancellation))).WithSummary("The chain of custody of one piece").Answers<IReadOnlyList<CustodyEntry>>();

        var route = operate.MapGroup("/incidents/{id:long}/evidence");
        route.MapPost("", (long id, HttpContext http, IIncidentEvidence evidence, IOptions<AlertingOptions> options, CancellationToken cancellation) => UploadAsync(id, http, evidence, options.Value, cancellation)).WithSummary("Adds files: multipart/form-data, a description before each").TakesRaw("multipart/form-data", """{"description":"The firewall's log of the night","file":"the file's content"}""").Answers<IReadOnlyList<EvidenceItem>>().Refuses(409, 415, 507);
        route.MapPut("/{name}", async (long id, string name, HttpContext http, IIncidentEvidence evidence, IOptions<AlertingOptions> options, string description = "", CancellationToken cancellation = default) =>
        {
            Allow(http, options.Value.Evidence.FileBytes + 1);
            return ApiEndpoints.Answer(await evidence.AddFileAsync(id, name, http.Request.ContentType ?? "", description, http.Request.Body, http.User.Actor(), cancellation));
        }).WithSummary("Adds a file: the body is its content").TakesRaw("application/octet-stream", "").Answers<EvidenceItem>().Refuses(409, 507).Where("name", "The file's name.");
        route.MapPost("/events", async (long id, EvidenceBody body, HttpContext http, IIncidentEvidence evidence, CancellationToken cancellation) => SecurityEventId.TryParse(body.Event, out var found)
            ? ApiEndpoints.Answer(await evidence.AddEventAsync(id, found, body.Description ?? "", http.User.Actor(), cancellation))
            : ApiEndpoints.Problem(400, "event is the id of an event")).WithSummary("Keeps an event as evidence").Takes("""{"version":0,"event":"1763977106845932_6","description":"the login"}""").Answers<EvidenceItem>().Refuses(507);
        // Both write into the chain of custody: for those who work on incidents.
        route.MapGet("/{item:long}/content", async (long id, long item, HttpContext http, IIncidentEvidence evidence, string note = "", CancellationToken cancellation = default) =>
            Save(http, await evidence.OpenAsync(id, item, http.User.Actor(), note, cancellation))).WithSummary("Downloads one piece").AnswersFile();
        route.MapGet("/export", async (long id, HttpContext http, IIncidentEvidence evidence, string note = "", CancellationToken cancellation = default) =>
            Save(http, await evidence.ExportAsync(id, http.User.Actor(), note, cancellation))).WithSummary("All evidence as a zip file with a manifest").AnswersFile();
        route.MapGet("/{item:long}/text", async (long id, long item, HttpContext http, IIncidentEvidence evidence, CancellationToken cancellation) =>
            await evidence.ViewAsync(id, item, http.User.Actor(), cancellation) is { Done: true } seen ? Results.Ok(new EvidenceText(seen.Value)) : ApiEndpoints.Problem(404, "there is no such evidence, or it was removed")).WithSummary("The start of one piece as text, in JSON").Answers<EvidenceText>();
        route.MapPost("/{item:long}/{action}", async (long id, long item, string action, EvidenceBody body, HttpContext http, IIncidentEvidence evidence, CancellationToken cancellation) => action switch
        {
            "handover" => ApiEndpoints.Answer(await evidence.HandOverAsync(id, item, body.Version, body.To ?? "", http.User.Actor(), body.Reason ?? "", cancellation)),
            "remove" => ApiEndpoints.Answer(await evidence.RemoveAsync(id, item, body.Version, http.User.Actor(), body.Reason ?? "", cancellation)),
            _ => ApiEndpoints.Problem(404, "actions are handover, remove"),
        }).WithSummary("Hands one piece over, or removes its content").Takes("""{"version":1,"to":"police","reason":"receipt 2291"}""").Answers<EvidenceItem>();
    }

    private static async Task<IResult> UploadAsync(long id, HttpContext http, IIncidentEvidence evidence, AlertingOptions options, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 200 } boundary)
            return ApiEndpoints.Problem(415, "multipart/form-data with a boundary is wanted");
        Allow(http, Math.Min(long.MaxValue / 2, options.Evidence.FileBytes) * MaxParts);
        var reader = new MultipartReader(boundary.Value!, http.Request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 };
        var added = new List<EvidenceItem>();
        var description = "";
        try
        {
            for (var part = 0; await reader.ReadNextSectionAsync(cancellation) is { } section; part++)
            {
                if (part >= MaxParts) return ApiEndpoints.Problem(413, $"at most {MaxParts} parts are taken at once; {added.Count} files were kept");
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var about)) return ApiEndpoints.Problem(400, "a part says nothing about itself");
                if (!about.IsFileDisposition())
                {
                    description = await TextAsync(section.Body, cancellation);
                    continue;
                }
                var name = about.FileNameStar.HasValue ? about.FileNameStar.Value : HeaderUtilities.RemoveQuotes(about.FileName).Value;
                var outcome = await evidence.AddFileAsync(id, name ?? "", section.ContentType ?? "", description, section.Body, http.User.Actor(), cancellation);
                if (!outcome.Done) return ApiEndpoints.Answer(outcome);
                added.Add(outcome.Value);
                description = "";
            }
        }
        catch (InvalidDataException fault)
        {
            return ApiEndpoints.Problem(400, $"the form can't be read: {fault.Message}; {added.Count} files were kept");
        }
        return added.Count == 0 ? ApiEndpoints.Problem(400, "there is no file in the form") : Results.Ok(added);
    }

    private static async Task<string> TextAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[4 * IIncidentEvidence.MaxText + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static IResult Save(HttpContext http, Outcome<EvidenceContent> outcome)
    {
        if (!outcome.Done) return ApiEndpoints.Answer(outcome);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(outcome.Value.Content, "application/octet-stream", outcome.Value.Name);
    }

    private static void Allow(HttpContext http, long bytes)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = bytes;
    }
}
