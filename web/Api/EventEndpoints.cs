using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Beacon.Web.Surroundings;

namespace Beacon.Web.Api;

/// <summary>Events by the query bar's language.</summary>
internal static class EventEndpoints
{
    private const int MostNeighbours = 100;

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/events", async (IEventStore store, string? q, DateTimeOffset? from, DateTimeOffset? to, string? after, int limit = 100, bool oldestFirst = false, CancellationToken cancellation = default) =>
            await AskAsync(q, from, to, async (filter, range) =>
            {
                var page = await store.SearchAsync(new EventQuery { Filter = filter, Range = range, Limit = limit, After = after, OldestFirst = oldestFirst }, cancellation);
                return Results.Ok(new { events = page.Events.Select(Shape), next = page.Next });
            })).WithSummary("Events that match, newest first; next goes on behind the last");
        read.MapGet("/events/count", async (IEventStore store, string? q, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation) =>
            await AskAsync(q, from, to, async (filter, range) => Results.Ok(new { count = await store.CountAsync(filter, range, cancellation) }))).WithSummary("How many events match");
        read.MapGet("/events/histogram", async (IEventStore store, string? q, DateTimeOffset from, DateTimeOffset to, int seconds, CancellationToken cancellation) =>
            await AskAsync(q, from, to, async (filter, range) => Results.Ok(await store.HistogramAsync(filter, range, TimeSpan.FromSeconds(seconds), cancellation)))).WithSummary("Counts by interval");
        read.MapGet("/events/top", async (IEventStore store, string field, string? q, DateTimeOffset? from, DateTimeOffset? to, int limit = 20, CancellationToken cancellation = default) =>
            await AskAsync(q, from, to, async (filter, range) => Results.Ok(await store.TopValuesAsync(filter, range, field, limit, cancellation)))).WithSummary("The most frequent values of a field");
        read.MapGet("/events/{id}", async (string id, IEventStore store, CancellationToken cancellation) =>
            SecurityEventId.TryParse(id, out var parsed) && await store.GetAsync(parsed, cancellation) is { } e ? Results.Ok(Shape(e)) : ApiEndpoints.Problem(404, "there is no such event")).WithSummary("One event");
        read.MapGet("/events/{id}/neighbours", async (string id, IEventStore store, int before = 10, int after = 10, CancellationToken cancellation = default) =>
        {
            if (before is < 0 or > MostNeighbours || after is < 0 or > MostNeighbours) return ApiEndpoints.Problem(400, $"before and after are 0 to {MostNeighbours}");
            return SecurityEventId.TryParse(id, out var parsed) && await store.NeighboursAsync(parsed, before, after, cancellation) is { } around
                ? Results.Ok(new { before = around.Before.Select(Shape), @event = Shape(around.Event), after = around.After.Select(Shape) }) : ApiEndpoints.Problem(404, "there is no such event");
        }).WithSummary("Events of the same source and host before and after one");
        read.MapGet("/events/{id}/processes", async (string id, IEventStore store, ProcessTreeReader processes, CancellationToken cancellation) =>
        {
            if (!SecurityEventId.TryParse(id, out var parsed) || await store.GetAsync(parsed, cancellation) is not { } e) return ApiEndpoints.Problem(404, "there is no such event");
            return await processes.ReadAsync(e, cancellation) is { } tree ? Results.Ok(tree) : ApiEndpoints.Problem(404, "the event names no process on a host");
        }).WithSummary("The process of an event: what started it, what ran beside it, what it started");
        read.MapGet("/events/{id}/session", async (string id, IEventStore store, SessionReader sessions, CancellationToken cancellation) =>
        {
            if (!SecurityEventId.TryParse(id, out var parsed) || await store.GetAsync(parsed, cancellation) is not { } e) return ApiEndpoints.Problem(404, "there is no such event");
            return await sessions.ReadAsync(e, cancellation) is { } trail ? Results.Ok(new { trail.Field, trail.Value, trail.Cut, events = trail.Events.Select(Shape) }) : ApiEndpoints.Problem(404, "the event is of no session, or alone in it");
        }).WithSummary("The events of the login, connection or process that an event belongs to");
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
