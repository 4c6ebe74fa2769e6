using Beacon.Events;
using Beacon.Events.QueryLanguage;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>One completion.</summary>
/// <param name="Shown">The field's name or the value; a value may hold whatever an event held.</param>
/// <param name="Count">Events that have it; null where that is not known.</param>
public sealed record Suggestion(string Shown, string Text, long? Count, int Start, int Length)
{
    public string Apply(string query) => query[..Start] + Text + query[(Start + Length)..];
    public int Caret => Start + Text.Length;
}

/// <summary>Completes fields and values of a query from what the store holds.</summary>
public static class QueryCompletion
{
    public const int Most = 10;

    /// <summary>Longest value offered, UTF-16 units: a longer one is a text to search in, not to pick.</summary>
    private const int LongestValue = 200;

    // Fields of the store itself: their values are no words to choose from.
    private static readonly HashSet<string> Uncounted = ["@timestamp", "event.id", "event.ingested", "beacon.sequence"];

    /// <summary>Fields that hold, or begin with, what is typed; those with most events first.</summary>
    public static IReadOnlyList<Suggestion> Fields(QueryPlace place, IReadOnlyList<ValueCount> seen)
    {
        if (place.Typed.Length == 0) return [];
        var known = seen.Select(s => (s.Value, Count: (long?)s.Count)).Concat(EcsFields.DeclaredNames.Select(n => (Value: n, Count: (long?)null))).DistinctBy(f => f.Value);
        return [.. known.Where(f => f.Value.Contains(place.Typed, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(f => f.Value.StartsWith(place.Typed, StringComparison.OrdinalIgnoreCase)).ThenByDescending(f => f.Count ?? 0).ThenBy(f => f.Value, StringComparer.Ordinal)
            .Take(Most).Select(f => new Suggestion(f.Value, QueryText.Field(f.Value), f.Count, place.Start, place.Length))];
    }

    /// <summary>The most frequent values that begin with what is typed.</summary>
    public static async Task<IReadOnlyList<Suggestion>> ValuesAsync(IEventStore store, QueryPlace place, TimeRange range, CancellationToken cancellation)
    {
        if (place.Field is not { } field || Uncounted.Contains(field) || place.Typed.StartsWith('>') || place.Typed.StartsWith('<') || place.Typed.StartsWith('[')) return [];
        EventFilter filter = place.Typed.Length == 0 ? new FieldFilter(field, FieldTest.Exists, "") : new FieldFilter(field, FieldTest.StartsWith, place.Typed);
        var values = await store.TopValuesAsync(filter, range, field, Most, cancellation);
        return [.. values.Where(v => v.Value.Length is > 0 and <= LongestValue && (place.Typed.Length == 0 || v.Value.StartsWith(place.Typed, StringComparison.OrdinalIgnoreCase))).Select(v => new Suggestion(v.Value, QueryText.Value(v.Value), v.Count, place.Start, place.Length))];
    }
}
