namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>How long a failed window waits: 5 seconds, doubling to a day. Nothing is given up, since whatever failed may be mended.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <param name="attempt">Attempts so far, from 1.</param>
    public static TimeSpan After(int attempt) => TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Clamp(attempt - 1, 0, 20)));
}
