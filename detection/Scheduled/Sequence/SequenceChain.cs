using Beacon.Events;

namespace Beacon.Detections.Scheduled.Sequence;

/// <summary>An event of a chain: no more of it than is told.</summary>
internal readonly record struct SequenceEvent(int Step, SecurityEventId Id, DateTimeOffset Time, DateTimeOffset Received);

/// <summary>Events that follow each other as the steps ask, up to some step; oldest first.</summary>
internal sealed record SequenceChain(IReadOnlyList<SequenceEvent> Events)
{
    public DateTimeOffset Start => Events[0].Time;

    public SequenceEvent Last => Events[^1];
}
