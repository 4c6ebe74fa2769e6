namespace Beacon.Events;

/// <summary>How far ingestion has come: what a scheduled detector waits for before it closes a window.</summary>
public interface IIngestWatermark
{
    /// <summary>Every frame received before this instant is stored, quarantined or counted as dropped.</summary>
    DateTimeOffset CompleteUpTo { get; }
}

/// <summary>What is known of one input, for operators and for the silent-source detector.</summary>
/// <param name="Id">Source id as events carry it.</param>
/// <param name="ExpectedInterval">Learned: time within which a further frame is to be expected; null while too little was seen.</param>
public sealed record SourceActivity(string Id, string Name, DateTimeOffset? FirstReceived, DateTimeOffset? LastReceived, TimeSpan? ExpectedInterval, long Received)
{
    /// <summary>Somebody said that it will be, or was, silent until then; null where nobody did. A silence that lasts longer is one from then on.</summary>
    public DateTimeOffset? SilenceExpectedUntil { get; init; }
}

public interface ISourceActivity
{
    IReadOnlyList<SourceActivity> Sources { get; }
}
