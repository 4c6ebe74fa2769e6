namespace Beacon.Events;

/// <summary>What an event must satisfy. Text compares without case (invariant, ordinal on folded text), as Sigma does.</summary>
public abstract record EventFilter
{
    public static readonly EventFilter All = new AllFilter();

    public static EventFilter And(params IReadOnlyList<EventFilter> parts)
    {
        var kept = parts.Where(p => p is not AllFilter).ToArray();
        return kept.Length switch { 0 => All, 1 => kept[0], _ => new AndFilter(kept) };
    }

    public static EventFilter Equal(string field, string value) => new FieldFilter(field, FieldTest.Equals, value);
}

public sealed record AllFilter : EventFilter;
public sealed record AndFilter(IReadOnlyList<EventFilter> Parts) : EventFilter;
public sealed record OrFilter(IReadOnlyList<EventFilter> Parts) : EventFilter;
public sealed record NotFilter(EventFilter Part) : EventFilter;

public enum FieldTest
{
    Equals,
    Contains,
    StartsWith,
    EndsWith,
    /// <summary>'*' any run, '?' one character, '\' escapes.</summary>
    Wildcard,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// <summary>An IPv4 or IPv6 network, "10.0.0.0/8".</summary>
    Cidr,
    /// <summary>The field has a value; <see cref="FieldFilter.Value"/> is empty.</summary>
    Exists,
}

/// <summary>True where any value of the field passes the test; an absent field passes none.</summary>
/// <param name="Field">ECS name. The names "@timestamp", "event.ingested", "event.id", "beacon.source" and "beacon.sequence" are known to every store.</param>
public sealed record FieldFilter(string Field, FieldTest Test, string Value) : EventFilter;

/// <summary>True where the event carries a field of such a name, be its value null.</summary>
/// <param name="Pattern">ECS name; '*' is any run of characters. Case counts.</param>
public sealed record FieldNameFilter(string Pattern) : EventFilter;

/// <summary>True where the text stands anywhere in <c>message</c> or in any other text of the event.</summary>
public sealed record TextFilter(string Text) : EventFilter;

/// <summary>A half-open span of event time, UTC.</summary>
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    public static readonly TimeRange Unbounded = new(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public TimeSpan Length => To - From;
    public bool Contains(DateTimeOffset time) => time >= From && time < To;
}
