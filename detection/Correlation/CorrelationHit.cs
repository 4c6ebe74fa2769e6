using Beacon.Detections.Sigma.Correlations;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>One event, or detection of a correlation below, that contributed to a hit.</summary>
/// <param name="Id">Id of the event, or derived from the detection below.</param>
/// <param name="Rule">Reference of the rule that it matched, as the correlation lists it.</param>
/// <param name="Label">Where it was found, as the observer named it; empty in stream.</param>
public sealed record CorrelationEvidence(Guid Id, string Rule, DateTimeOffset Time, string Label);

/// <summary>A correlation's condition came true for a group.</summary>
public sealed record CorrelationHit
{
    public required SigmaCorrelation Rule { get; init; }
    /// <summary>The level of the rule, or the highest of those it joins.</summary>
    public required Severity Level { get; init; }
    /// <summary>The same hit over the same events has the same id.</summary>
    public required DetectionId Id { get; init; }
    /// <summary>When the event that completed it happened; the end of the window where only that decides.</summary>
    public required DateTimeOffset Time { get; init; }
    /// <summary>The fields of group-by with their values, in their order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Group { get; init; }
    /// <summary>What the condition is about: a count, a sum, a mean, the number of rules that matched.</summary>
    public required double Number { get; init; }
    /// <summary>Events in the window that are remembered.</summary>
    public required int Events { get; init; }
    public required DateTimeOffset First { get; init; }
    public required DateTimeOffset Last { get; init; }
    /// <summary>The last of them, oldest first, at most <see cref="CorrelationLimits.MaxEvidence"/>.</summary>
    public required IReadOnlyList<CorrelationEvidence> Evidence { get; init; }

    internal CompiledCorrelation Correlation { get; init; } = null!;
    /// <summary>What correlations above ask for.</summary>
    internal string?[]? Carried { get; init; }
    internal long Order { get; init; }
    internal long Received { get; init; }
}
