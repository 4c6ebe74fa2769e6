using System.Globalization;
using System.Text;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Events to a file, as they are read: newest first, NDJSON or CSV. What left the house stands in the audit trail, before it leaves and after.</summary>
internal static class EventExport
{
    /// <summary>Events of one export at most.</summary>
    public const int Most = 100_000;
    private const int Page = 1_000, MaxFields = 50;

    public static void Map(RouteGroupBuilder read) => read.MapGet("/events/export", RunAsync)
        .WithSummary("Events as a file: format ndjson or csv (with fields), at most limit of them, newest first; written to the audit trail").AnswersText("application/x-ndjson", "{\"host\":{\"name\":\"bas-01\"}}\n").Pages(Most).Where("format", "ndjson or csv.").Where("fields", "Columns of the CSV, separated by commas; 1 to 50.");

    private static async Task<IResult> RunAsync(
        HttpContext http, IEventStore store, IAuditTrail audit, string? q, DateTimeOffset? from, DateTimeOffset? to, string? fields, string format = "ndjson", int limit = 10_000, CancellationToken cancellation = default)
    {
        if (!EventQueryText.TryParse(q ?? "", out var filter, out var fault)) return ApiEndpoints.Problem(400, $"q, character {fault!.Position + 1}: {fault.Message}");
        if (format is not ("ndjson" or "csv")) return ApiEndpoints.Problem(400, "format is ndjson or csv");
        if (limit is < 1 or > Most) return ApiEndpoints.Problem(400, $"limit is 1 to {Most}");
        string[] columns = [.. (fields ?? "@timestamp,host.name,event.action,message").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        if (columns.Length is 0 or > MaxFields || columns.Any(c => c.Length > FieldNames.MaxNameLength)) return ApiEndpoints.Problem(400, $"fields are 1 to {MaxFields} names");
        var query = new EventQuery { Filter = filter, Range = new TimeRange(from ?? TimeRange.Unbounded.From, to ?? TimeRange.Unbounded.To), Limit = Math.Min(Page, limit) };
        EventPage page;
        try
        {
            page = await store.SearchAsync(query, cancellation);
        }
        catch (EventQueryException refused)
        {
            return ApiEndpoints.Problem(400, refused.Message);
        }
        var actor = http.User.Actor().Name;
        var what = string.Create(CultureInfo.InvariantCulture, $"{format}, at most {limit}, {query.Range.From:O} to {query.Range.To:O}: {q}");
        await audit.AppendAsync(new AuditRecord(actor, "events.export", "events", After: what), cancellation);
        return Results.Stream(async body =>
        {
            var written = 0;
            try
            {
                await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024, leaveOpen: true) { NewLine = "\r\n" };
                if (format == "csv") await text.WriteLineAsync(EventCsv.Head(columns));
                while (true)
                {
                    foreach (var e in page.Events.Take(limit - written))
                    {
                        if (format == "csv") await text.WriteLineAsync(EventCsv.Row(e, columns));
                        else await text.WriteAsync(EcsJson.ToText(e) + "\n");
                        written++;
                    }
                    await text.FlushAsync(cancellation);
                    if (written >= limit || page.Next is null) break;
                    page = await store.SearchAsync(query with { After = page.Next }, cancellation);
                }
            }
            catch (Exception) when (!cancellation.IsCancellationRequested)
            {
                // A file that ends early must not look whole: the connection breaks.
                http.Abort();
                throw;
            }
            finally
            {
                await audit.AppendAsync(new AuditRecord(actor, "events.exported", "events", After: string.Create(CultureInfo.InvariantCulture, $"{written} events: {what}")), CancellationToken.None);
            }
        }, format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson", $"events.{format}");
    }
}
