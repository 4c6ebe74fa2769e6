using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Beacon.Web.Api.Document;
using Beacon.Web.Surroundings;

namespace Beacon.Web.Api;

/// <summary>Events by the query bar's language.</summary>
internal static class EventEndpoints
{
    private const int MostNeighbours = 100, MostEvents = 10_000;

    private const string Sample = """{"@timestamp":"2026-11-24T14:05:18Z","host":{"name":"bas-01"},"event":{"action":"ssh_login","outcome":"success"},"user":{"name":"root"},"source":{"ip":"203.0.113.47"},"_id":"1763977106845932_6","_sequence":6,"_source":"syslog-tcp","_received":"2026-11-24T14:05:18Z"}""";

    internal sealed record EventList(IReadOnlyList<JsonObject> Events, string? Next);
    internal sealed record EventCount(long Count);
    internal sealed record Neighbours(IReadOnlyList<JsonObject> Before, JsonObject Event, IReadOnlyList<JsonObject> After);

    /// <param name="Field">Whose value the events have in common.</param>
    internal sealed record Session(string Field, string Value, bool Cut, IReadOnlyList<JsonObject> Events);

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/events", async (IEventStore store, IAlertService alerts, string? q, DateTimeOffset? from, DateTimeOffset? to, string? after, int limit = 100, bool oldestFirst = false, bool alertIds = false, CancellationToken cancellation = default) =>
            alertIds && limit > EventAlert.MaxEvents ? ApiEndpoints.Problem(400, $"with alertIds, limit is 1 to {EventAlert.MaxEvents}") : await AskAsync(q, from, to, async (filter, range) =>
            {
                var page = await store.SearchAsync(new EventQuery { Filter = filter, Range = range, Limit = limit, After = after, OldestFirst = oldestFirst }, cancellation);
                if (!alertIds) return Results.Ok(new EventList([.. page.Events.Select(Shape)], page.Next));
                var of = (await alerts.OfEventsAsync([.. page.Events.Select(static e => e.Id.ToString())], cancellation)).ToLookup(static a => a.EventId, static a => a.AlertId);
                return Results.Ok(new EventList([.. page.Events.Select(e => Shape(e, of[e.Id.ToString()]))], page.Next));
            })).WithSummary("Events that match, newest first; next goes on behind the last").Answers<EventList>($$"""{"events":[{{Sample}}],"next":"1763977106845932_6"}""").Pages(MostEvents).Where("after", "The answer's `next`, for the page behind it.").Where("alertIds", $"Events say in `_alerts` which alerts keep them as evidence, gravest first; limit is then {EventAlert.MaxEvents} at most.");
        read.MapGet("/events/count", async (IEventStore store, string? q, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation) =>
            await AskAsync(q, from, to, async (filter, range) => Results.Ok(new EventCount(await store.CountAsync(filter, range, cancellation))))).WithSummary("How many events match").Answers<EventCount>("""{"count":12}""");
        read.MapGet("/events/histogram", async (IEventStore store, string? q, DateTimeOffset from, DateTimeOffset to, int seconds, CancellationToken cancellation) =>
            await AskAsync(q, from, to, async (filter, range) => Results.Ok(await store.HistogramAsync(filter, range, TimeSpan.FromSeconds(seconds), cancellation)))).WithSummary("Counts by interval").Answers<IReadOnlyList<HistogramBucket>>();
        read.MapGet("/events/top", async (IEventStore store, string field, string? q, DateTimeOffset? from, DateTimeOffset? to, int limit = 20, CancellationToken cancellation = default) =>
            await AskAsync(q, from, to, async (filter, range) => Results.Ok(await store.TopValuesAsync(filter, range, field, limit, cancellation)))).WithSummary("The most frequent values of a field").Answers<IReadOnlyList<ValueCount>>().Pages(MostEvents);
        read.MapGet("/events/{id}", async (string id, IEventStore store, CancellationToken cancellation) =>
            SecurityEventId.TryParse(id, out var parsed) && await store.GetAsync(parsed, cancellation) is { } e ? Results.Ok(Shape(e)) : ApiEndpoints.Problem(404, "there is no such event")).WithSummary("One event").Answers<JsonObject>(Sample);
        read.MapGet("/events/{id}/alerts", async (string id, IAlertService alerts, CancellationToken cancellation) =>
            SecurityEventId.TryParse(id, out var parsed) ? Results.Ok(await alerts.OfEventsAsync([parsed.ToString()], cancellation)) : ApiEndpoints.Problem(404, "there is no such event")).WithSummary("Alerts that keep an event as evidence, gravest first; an alert keeps its first and its newest").Answers<IReadOnlyList<EventAlert>>();
        read.MapGet("/events/{id}/neighbours", async (string id, IEventStore store, int before = 10, int after = 10, CancellationToken cancellation = default) =>
        {
            if (before is < 0 or > MostNeighbours || after is < 0 or > MostNeighbours) return ApiEndpoints.Problem(400, $"before and after are 0 to {MostNeighbours}");
            return SecurityEventId.TryParse(id, out var parsed) && await store.NeighboursAsync(parsed, before, after, cancellation) is { } around
                ? Results.Ok(new Neighbours([.. around.Before.Select(Shape)], Shape(around.Event), [.. around.After.Select(Shape)])) : ApiEndpoints.Problem(404, "there is no such event");
        }).WithSummary("Events of the same source and host before and after one").Answers<Neighbours>($$"""{"before":[],"event":{{Sample}},"after":[]}""").Where("before", "How many before it, 0 to 100.").Where("after", "How many after it, 0 to 100.");
        read.MapGet("/events/{id}/processes", async (string id, IEventStore store, ProcessTreeReader processes, CancellationToken cancellation) =>
        {
            if (!SecurityEventId.TryParse(id, out var parsed) || await store.GetAsync(parsed, cancellation) is not { } e) return ApiEndpoints.Problem(404, "there is no such event");
            return await processes.ReadAsync(e, cancellation) is { } tree ? Results.Ok(tree) : ApiEndpoints.Problem(404, "the event names no process on a host");
        }).WithSummary("The process of an event: what started it, what ran beside it, what it started").Answers<ProcessTree>();
        read.MapGet("/events/{id}/session", async (string id, IEventStore store, SessionReader sessions, CancellationToken cancellation) =>
        {
            if (!SecurityEventId.TryParse(id, out var parsed) || await store.GetAsync(parsed, cancellation) is not { } e) return ApiEndpoints.Problem(404, "there is no such event");
            return await sessions.ReadAsync(e, cancellation) is { } trail ? Results.Ok(new Session(trail.Field, trail.Value, trail.Cut, [.. trail.Events.Select(Shape)])) : ApiEndpoints.Problem(404, "the event is of no session, or alone in it");
        }).WithSummary("The events of the login, connection or process that an event belongs to").Answers<Session>($$"""{"field":"process.pid","value":"2391","cut":false,"events":[{{Sample}}]}""");
    }

    private static async Task<IResult> AskAsync(string? q, DateTimeOffset? from, DateTimeOffset? to, Func<EventFilter, TimeRange, Task<IResult>> ask)
    {
        if (!EventQueryText.TryParse(q ?? "", out var filter, out var fault)) return ApiEndpoints.Problem(400, $"q, character {fault!.Position + 1}: {fault.Message}");
        try
        {
            return await ask(filter, new TimeRange(from ?? TimeRange.Unbounded.From, to ?? TimeRange.Unbounded.To));
        }
        catch (EventQueryException refused)
        {
            return ApiEndpoints.Problem(400, refused.Message);
        }
    }

    private static JsonObject Shape(SecurityEvent e, IEnumerable<long> alerts)
    {
        var json = Shape(e);
        json["_alerts"] = new JsonArray([.. alerts.Select(static id => JsonValue.Create(id))]);
        return json;
    }

    private static JsonObject Shape(SecurityEvent e)
    {
        var json = JsonNode.Parse(EcsJson.ToText(e), documentOptions: new JsonDocumentOptions { MaxDepth = 128 })!.AsObject();
        json["_id"] = e.Id.ToString();
        json["_sequence"] = e.Sequence;
        json["_source"] = e.Source;
        json["_received"] = e.Received.UtcDateTime;
        return json;
    }
}
