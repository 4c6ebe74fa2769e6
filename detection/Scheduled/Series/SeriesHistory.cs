using Beacon.Events;

namespace Beacon.Detections.Scheduled.Series;

/// <summary>Asks the store for the series of a look: the history and the look's own interval.</summary>
internal static class SeriesHistory
{
    /// <summary>Points of all series of a look together.</summary>
    private const int MaxPoints = 2_000_000;

    /// <exception cref="InvalidOperationException">The settings ask for more points than are held.</exception>
    public static async Task<IReadOnlyList<IntervalSeries>> ReadAsync(IEventStore store, EvaluationWindow window, SeriesSettings settings, CancellationToken cancellation)
    {
        var interval = window.Fresh.Length;
        var count = (int)Math.Min(MaxPoints + 1L, settings.History / interval + 1);
        if ((long)count * settings.Most > MaxPoints)
            throw new InvalidOperationException($"{settings.Most} groups of {count} intervals are more than {MaxPoints} numbers: lower 'groups' or 'history', or lengthen the interval");
        var from = window.Fresh.To - interval * count;
        // The store's intervals begin at multiples since 1970, the window's need not: the step is one that fits both.
        var step = TimeSpan.FromTicks(GreatestCommon(interval.Ticks, (window.Fresh.To - DateTimeOffset.UnixEpoch).Ticks));
        var query = new SeriesQuery(settings.Filter, new TimeRange(from, window.Fresh.To), step, settings.GroupBy, settings.Sum is null ? SeriesMeasure.Count : SeriesMeasure.Sum, settings.Sum, settings.Most);
        var groups = await store.SeriesAsync(query, cancellation).ConfigureAwait(false);
        var all = new List<IntervalSeries>(groups.Count);
        foreach (var group in groups)
        {
            if (group.Points.Count == 0) continue;
            var first = (int)((group.Points[0].Start - from) / interval);
            var values = new double[count - first];
            foreach (var point in group.Points) values[(int)((point.Start - from) / interval) - first] += point.Value;
            all.Add(new IntervalSeries(group.Key, from + interval * first, interval, values));
        }
        return all;
    }

    private static long GreatestCommon(long a, long b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
