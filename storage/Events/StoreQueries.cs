namespace Beacon.Events;

/// <summary>Events read one after another: what a back-test and a detector over many events ask.</summary>
/// <param name="Fields">Fields that are wanted, so that the others need not be read; null for whole events. An event may carry more than was asked for.</param>
public sealed record EventScan(EventFilter Filter, TimeRange Range, IReadOnlyList<string>? Fields = null);

/// <summary>What a series counts in each interval.</summary>
public enum SeriesMeasure
{
    /// <summary>Events.</summary>
    Count,
    /// <summary>Different values of <see cref="SeriesQuery.Field"/>.</summary>
    Distinct,
    /// <summary>The sum of <see cref="SeriesQuery.Field"/> where it is a number.</summary>
    Sum,
}

/// <summary>One series of numbers for each group.</summary>
/// <param name="Interval">At least one millisecond; intervals begin at multiples of it since 1970. At most 100,000 of them.</param>
/// <param name="GroupBy">Up to 8 fields; an event that lacks one is in no group, and one with several values in a group for each. Empty: one group of all.</param>
/// <param name="Field">What is measured, each different value of an event; null only for <see cref="SeriesMeasure.Count"/>.</param>
/// <param name="Limit">Groups answered at most, 1 to 10,000, those with the most events first.</param>
public sealed record SeriesQuery(EventFilter Filter, TimeRange Range, TimeSpan Interval, IReadOnlyList<string> GroupBy, SeriesMeasure Measure, string? Field, int Limit);

public readonly record struct SeriesPoint(DateTimeOffset Start, double Value);

/// <param name="Points">In order of time; intervals without events are left out.</param>
public sealed record GroupSeries(IReadOnlyList<string> Key, long Events, IReadOnlyList<SeriesPoint> Points);

/// <summary>Values, or combinations of values, seen in one span and not in another.</summary>
/// <param name="Range">Where the new ones are looked for.</param>
/// <param name="History">What is known; usually ends where <paramref name="Range"/> begins.</param>
/// <param name="Fields">1 to 8; an event that lacks one has no term, and one with several values a term for each. Text is the same whatever its case.</param>
/// <param name="Limit">Terms answered at most, 1 to 100,000, the earliest first.</param>
public sealed record NewTermsQuery(EventFilter Filter, TimeRange Range, TimeRange History, IReadOnlyList<string> Fields, int Limit);

/// <param name="Values">As the first event wrote them.</param>
/// <param name="Sample">The first event with the term.</param>
public sealed record NewTerm(IReadOnlyList<string> Values, long Events, DateTimeOffset First, DateTimeOffset Last, SecurityEventId Sample);
