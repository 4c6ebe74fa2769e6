using System.Globalization;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <summary>One look of a rule at a span of time.</summary>
/// <param name="Range">Half-open, UTC.</param>
public sealed record EvaluationWindow(ScheduledRule Rule, TimeRange Range)
{
    /// <summary>0 for the first look; n for the nth look again, because events came after the window had closed.</summary>
    public int Revision { get; init; }

    /// <summary>
    /// Events received at or after this instant are new to this look; null at the first, where all are. A group without a new event
    /// was judged before and is to be left alone.
    /// </summary>
    public DateTimeOffset? NewSince { get; init; }

    /// <summary>Every event received before this instant is in the store.</summary>
    public DateTimeOffset SeenUpTo { get; init; }

    /// <summary>
    /// The part of <see cref="Range"/> that no earlier window of the rule covers: its last interval. Where windows overlap, what has no
    /// event in it stood in the window before, whole.
    /// </summary>
    public TimeRange Fresh => new(Range.Length > Rule.Interval ? Range.To - Rule.Interval : Range.From, Range.To);

    /// <summary>The filter, narrowed to new events.</summary>
    public EventFilter New(EventFilter filter) => NewSince is { } since
        ? EventFilter.And(filter, new FieldFilter("event.ingested", FieldTest.GreaterOrEqual, since.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)))
        : filter;
}
