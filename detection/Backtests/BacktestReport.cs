using Beacon.Events;

namespace Beacon.Detections.Backtests;

/// <summary>What rules would have raised over a span of stored events, and what it cost to find out.</summary>
/// <param name="Events">Events of the span, matching or not.</param>
/// <param name="Candidates">Events that the store gave for the rules to decide on.</param>
public sealed record BacktestReport(TimeRange Range, long Events, long Candidates, TimeSpan Took, IReadOnlyList<BacktestRule> Rules)
{
    public double EventsPerSecond => Took > TimeSpan.Zero ? Events / Took.TotalSeconds : 0;
}

/// <summary>One rule's share.</summary>
/// <param name="Kind">"sigma", "correlation", or the scheduled detector's name.</param>
/// <param name="Hours">By hour that begins at the time (UTC), in order; hours without any are left out.</param>
/// <param name="Examples">The newest, at most <see cref="MaxExamples"/>.</param>
/// <param name="Entities">Whom it would have been about, the most frequent first, at most <see cref="MaxEntities"/>.</param>
public sealed record BacktestRule(
    string RuleId, string Title, string Kind, Severity Level, long Raised, IReadOnlyList<HistogramBucket> Hours, IReadOnlyList<BacktestExample> Examples, IReadOnlyList<ValueCount> Entities)
{
    public const int MaxExamples = 10;
    public const int MaxEntities = 10;

    /// <summary>Why it can raise nothing, or null.</summary>
    public Phrase? BlindReason { get; init; }

    /// <summary>Detections that the rule's suppression would have kept silent.</summary>
    public long Suppressed { get; init; }

    /// <summary>Windows that were evaluated; 0 for rules that match event by event.</summary>
    public long Windows { get; init; }

    /// <summary>Evaluations of which a test took too long, or matches that were forgotten because a ceiling was reached: the number raised may be too small.</summary>
    public long Omitted { get; init; }
}

/// <param name="EventId">The event, where there is one.</param>
public sealed record BacktestExample(DateTimeOffset Time, string Summary, Entity Entity, SecurityEventId? EventId);

/// <summary>The back-test can't be done as asked; the message is for the person who asked.</summary>
public sealed class BacktestException(Phrase message) : Exception(message.ToString())
{
    public Phrase Said => message;
}
