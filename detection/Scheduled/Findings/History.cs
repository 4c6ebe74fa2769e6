using Beacon.Events;

namespace Beacon.Detections.Scheduled.Findings;

/// <summary>The past that a look is compared with: it ends where the look's fresh part begins.</summary>
internal static class History
{
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Most = TimeSpan.FromDays(90);

    public static TimeRange Before(EvaluationWindow window, TimeSpan length) => new(window.Fresh.From - length, window.Fresh.From);

    /// <summary>True where matching events reach back far enough: without a past everything is new, and that says nothing.</summary>
    /// <param name="learning">How old the oldest must be at the least.</param>
    public static async Task<bool> ReachesAsync(IEventStore store, EventFilter filter, TimeRange history, TimeSpan learning, CancellationToken cancellation)
    {
        var early = new TimeRange(history.From, history.To - learning);
        if (early.From >= early.To) return true;
        var oldest = await store.SearchAsync(new EventQuery { Filter = filter, Range = early, OldestFirst = true, Limit = 1 }, cancellation).ConfigureAwait(false);
        return oldest.Events.Count > 0;
    }

    public static string Spoken(TimeRange history) => $"{Wording.Span(history.Length)} before {Wording.Time(history.To)}";
}
