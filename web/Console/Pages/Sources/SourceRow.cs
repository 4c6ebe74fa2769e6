using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Console.Marks;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Sources;

/// <summary>How a source is, the gravest first. Its words are StateX.</summary>
public enum SourceMark
{
    Fails,
    Silent,
    Loses,
    Unread,
    /// <summary>Silent, as somebody said that it would be.</summary>
    Expected,
    Flows,
    Waits,
    Off,
}

/// <summary>One source as the list shows it.</summary>
/// <param name="Kind">Its receiver's, or empty where only its ledger is left.</param>
/// <param name="Spark">Frames of each of the last thirty minutes.</param>
public sealed record SourceRow(string Id, string Name, string Kind, SourceStatus? Status, SourceMark Mark, SourceActivity? Activity, LedgerCounts Counts, IReadOnlyList<long> Spark)
{
    private const int Minutes = 30;

    public DateTimeOffset? Last => Activity?.LastReceived;

    public LinkState Link => Mark switch { SourceMark.Fails or SourceMark.Silent => LinkState.Lost, SourceMark.Loses or SourceMark.Unread => LinkState.Late, SourceMark.Flows => LinkState.Flows, SourceMark.Expected => LinkState.Paused, _ => LinkState.Unknown };

    /// <summary>Worth an explanation: it is not heard.</summary>
    public bool IsQuiet => Mark is SourceMark.Fails or SourceMark.Silent or SourceMark.Expected or SourceMark.Waits;

    public static SourceRow Of(string id, SourceStatus? status, SourceActivity? seen, LedgerCounts counts, IEnumerable<LedgerRow> minutes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(minutes);
        var spark = new long[Minutes];
        foreach (var m in minutes)
            if (Minutes - 1 - (int)Math.Floor((now - m.Minute).TotalMinutes) is var at and >= 0 && at < spark.Length) spark[at] = m.Counts.Received;
        var mark = status?.State switch
        {
            SourceState.Failing => SourceMark.Fails,
            SourceState.Disabled => SourceMark.Off,
            _ when seen is not null && SourceHealth.IsSilent(seen, now) => SourceMark.Silent,
            _ when seen?.SilenceExpectedUntil > now && SourceHealth.HasPaused(seen, now) => SourceMark.Expected,
            _ when counts.Dropped > 0 => SourceMark.Loses,
            _ when counts.Quarantined > 0 => SourceMark.Unread,
            _ when seen?.LastReceived is null && counts.Received == 0 => SourceMark.Waits,
            _ => SourceMark.Flows,
        };
        return new SourceRow(id, status?.Definition.Name ?? seen?.Name ?? id, status?.Definition.Kind ?? "", status, mark, seen, counts, spark);
    }
}
