using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Conditions on times. "@timestamp" counts milliseconds and is indexed; where a bound lies between two of them, "beacon.us" decides.</summary>
internal static class TimeQuery
{
    /// <summary>What the server's nanoseconds reach, in microseconds: a day below 2262-04-11.</summary>
    private const long LastNanos = 9_223_286_400_000_000;

    public static void Add(JsonArray must, TimeRange range)
    {
        // The ends of all time are no bounds: the server has its own.
        long? from = range.From == DateTimeOffset.MinValue ? null : StateTime.ToMicroseconds(range.From), to = range.To == DateTimeOffset.MaxValue ? null : StateTime.ToMicroseconds(range.To);
        if (from is null && to is null) return;
        must.Add(Milliseconds(from is { } f ? FloorMs(f) : null, to is { } t ? CeilMs(t) : null));
        if (from % 1000 is not (null or 0) || to % 1000 is not (null or 0)) must.Add(Microseconds(from, to));
    }

    public static JsonObject Event(FieldFilter filter)
    {
        if (filter.Test == FieldTest.Exists) return FilterQuery.Everything;
        var at = Instant(filter);
        var (from, to) = Span(filter, at);
        return new JsonObject
        {
            ["bool"] = new JsonObject
            {
                ["filter"] = new JsonArray(Milliseconds(from is { } f ? FloorMs(f) : null, to is { } t ? CeilMs(t) : null), Microseconds(from, to)),
            },
        };
    }

    public static JsonObject Ingested(FieldFilter filter)
    {
        if (filter.Test == FieldTest.Exists) return FilterQuery.Everything;
        var (from, to) = Span(filter, Instant(filter));
        var bounds = new JsonObject();
        if (from > LastNanos || to < 0) return FilterQuery.None;
        if (from is > 0 and var f) bounds["gte"] = Iso(f);
        if (to is <= LastNanos and var t) bounds["lt"] = Iso(t);
        return bounds.Count == 0 ? FilterQuery.Everything : new JsonObject { ["range"] = new JsonObject { ["beacon.received"] = bounds } };
    }

    /// <summary>The test as a half-open span in microseconds.</summary>
    private static (long? From, long? To) Span(FieldFilter filter, long at) => filter.Test switch
    {
        FieldTest.Equals => (at, at + 1),
        FieldTest.Less => (null, at),
        FieldTest.LessOrEqual => (null, at + 1),
        FieldTest.Greater => (at + 1, null),
        FieldTest.GreaterOrEqual => (at, null),
        _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
    };

    private static JsonObject Milliseconds(long? from, long? to)
    {
        var bounds = Bounds(from, to);
        bounds["format"] = "epoch_millis";
        return new JsonObject { ["range"] = new JsonObject { ["@timestamp"] = bounds } };
    }

    private static JsonObject Microseconds(long? from, long? to) => new() { ["range"] = new JsonObject { ["beacon.us"] = Bounds(from, to) } };

    private static JsonObject Bounds(long? from, long? to)
    {
        var bounds = new JsonObject();
        if (from is { } f) bounds["gte"] = f;
        if (to is { } t) bounds["lt"] = t;
        return bounds;
    }

    private static long Instant(FieldFilter filter) =>
        DateTimeOffset.TryParse(filter.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? StateTime.ToMicroseconds(time)
            : throw new EventQueryException($"'{filter.Value}' is not a time; write it as 2026-11-24T14:05:00Z");

    private static long FloorMs(long us) => (long)Math.Floor(us / 1000m);
    private static long CeilMs(long us) => (long)Math.Ceiling(us / 1000m);
    private static string Iso(long us) => StateTime.FromMicroseconds(us).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
