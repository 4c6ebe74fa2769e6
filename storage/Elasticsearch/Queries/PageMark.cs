using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>The place of a row in the order of time and sequence, to go on behind it.</summary>
internal sealed record PageMark(long Microseconds, long Sequence)
{
    public static PageMark Of(SecurityEvent e) => new(StateTime.ToMicroseconds(e.Timestamp), e.Sequence);

    /// <exception cref="EventQueryException">The text is not one of ours.</exception>
    public static PageMark Parse(string text)
    {
        var parts = text.Split('_');
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var us) && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var sequence)
            ? new PageMark(us, sequence)
            : throw new EventQueryException("the page mark is not one that this store gave");
    }

    /// <summary>By milliseconds, which are indexed, then by microseconds and sequence, which decide.</summary>
    public static JsonArray Order(bool oldestFirst)
    {
        var direction = oldestFirst ? "asc" : "desc";
        return [new JsonObject { ["@timestamp"] = direction }, new JsonObject { ["beacon.us"] = direction }, new JsonObject { ["beacon.sequence"] = direction }];
    }

    public JsonArray ToSort() => [(long)Math.Floor(Microseconds / 1000m), Microseconds, Sequence];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Microseconds}_{Sequence}");
}
