using Beacon.Events;

namespace Beacon.Alerting.Alerts;

public enum AlertOrder
{
    /// <summary>Most urgent first, newest evidence first among equals.</summary>
    Urgency,
    /// <summary>Newest evidence first.</summary>
    Newest,
}

/// <summary>Which alerts. Parts that are null or empty ask for nothing.</summary>
public sealed record AlertQuery
{
    public const int MaxLimit = 500;

    /// <summary>Default: everything that is not closed.</summary>
    public IReadOnlyList<AlertStatus>? Statuses { get; init; }
    public UrgencyBand? Band { get; init; }
    public Severity? AtLeast { get; init; }
    /// <summary>Alerts of this person; "" for those of nobody.</summary>
    public string? Owner { get; init; }
    public string? RuleId { get; init; }
    public Entity? Entity { get; init; }
    public string? AssetId { get; init; }
    public long? IncidentId { get; init; }
    /// <summary>Stands in the title, the rule's title or the entity, without case.</summary>
    public string? Text { get; init; }
    /// <summary>True: only shelved ones; false: none of them; null: both.</summary>
    public bool? Shelved { get; init; } = false;
    /// <summary>Last seen at or after.</summary>
    public DateTimeOffset? Since { get; init; }
    public AlertOrder Order { get; init; }
    public int Offset { get; init; }
    /// <summary>1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;
}

/// <param name="Total">Alerts that the query names, this page or not.</param>
/// <param name="AtLeast">True where a text stands in so many that only some were counted: there are as many or more.</param>
public sealed record AlertPage(IReadOnlyList<AlertSummary> Items, long Total, bool AtLeast = false);

/// <summary>Open alerts at a glance.</summary>
/// <param name="NeedsSomeone">Neither closed nor shelved.</param>
/// <param name="Mine">Of those, the asking person's.</param>
/// <param name="BySeverity">Of <paramref name="NeedsSomeone"/>, indexed by <see cref="Severity"/>.</param>
public sealed record AlertCounts(
    long NeedsSomeone, long Mine, long Shelved, long ActNow, long ThisHour, long ThisShift, long New, IReadOnlyList<long> BySeverity);

/// <summary>
/// The alarm load of the whole console, after ISA-18.2 and EEMUA 191. An alarm is an alert's first appearance
/// (a further detection of an open alert is none).
/// </summary>
/// <param name="LastHour">New alerts in the last 60 minutes. Good ≤ 6, overload &gt; 12.</param>
/// <param name="LastTenMinutes">New alerts in the last 10 minutes. Good ≤ 5, a flood &gt; 10.</param>
/// <param name="PerHourOverDay">Average an hour over the last 24 hours.</param>
/// <param name="TimeInFlood">Share of the last 24 hours' ten-minute spans with more than 10 new alerts, 0 to 1.</param>
/// <param name="HighShare">Share of high and critical among the last 24 hours' alerts, 0 to 1.</param>
/// <param name="Noisiest">Rules with the most alerts of the last 24 hours, at most ten.</param>
/// <param name="Stale">Alerts that nobody touched for more than 24 hours.</param>
public sealed record AlarmLoad(
    int LastHour, int LastTenMinutes, double PerHourOverDay, double TimeInFlood, double HighShare,
    IReadOnlyList<NoisyRule> Noisiest, int Stale);

/// <param name="Share">Of all alerts in the span, 0 to 1.</param>
public sealed record NoisyRule(string RuleId, string RuleTitle, int Alerts, long Detections, double Share);
