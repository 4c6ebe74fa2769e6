namespace Beacon.Detections.Correlation;

/// <summary>One event, or one hit of a correlation below, as a group remembers it.</summary>
/// <param name="Time">When it happened, UTC ticks.</param>
/// <param name="Order">Decides between equal times: the event's place in the spool, or of its observation.</param>
/// <param name="Id">Id of the event, or of the detection below.</param>
/// <param name="Rule">Place of its rule in the correlation's list.</param>
/// <param name="Received">When it was received, UTC ticks.</param>
/// <param name="Number">The value that a numeric type looks at.</param>
/// <param name="Values">The values that value_count looks at.</param>
/// <param name="Carried">Values that correlations above ask for, in the order of <see cref="CompiledCorrelation.Carried"/>.</param>
/// <param name="Label">Where it was found, for people, or null.</param>
internal readonly record struct CorrelationEntry(
    long Time, long Order, Guid Id, int Rule, long Received, double Number, string[]? Values, string?[]? Carried, string? Label)
{
    /// <summary>Estimate of what it takes in memory.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 96 + (Label is null ? 0 : 24 + (Label.Length * 2));
            foreach (var value in Values ?? []) bytes += 32 + (value.Length * 2);
            foreach (var value in Carried ?? []) bytes += value is null ? 8 : 32 + (value.Length * 2);
            return bytes;
        }
    }

    public int CompareTo(in CorrelationEntry other) => Time != other.Time ? Time.CompareTo(other.Time) : Order.CompareTo(other.Order);
}
