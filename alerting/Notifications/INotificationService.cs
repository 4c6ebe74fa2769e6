using Beacon.Events;

namespace Beacon.Alerting.Notifications;

public enum DeliveryStatus
{
    /// <summary>For its time, for the channel's turn, or for another try.</summary>
    Waiting,
    Sending,
    Sent,
    /// <summary>It was refused, or every try failed: a person sends it again, or leaves it.</summary>
    Dead,
}

/// <summary>One notice on its way by one channel.</summary>
/// <param name="Person">Whose channel it is, or "".</param>
/// <param name="Step">0 for the first, else the escalation step.</param>
/// <param name="Said">What came of the last try.</param>
public sealed record Delivery(
    long Id, long NoticeId, NoticeKind Kind, string Subject, string Reference, string Channel, string Person, string Route, int Step,
    DeliveryStatus Status, int Attempt, DateTimeOffset DueAt, string Said, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt);

public sealed record DeliveryQuery
{
    public DeliveryStatus? Status { get; init; }
    public string? Channel { get; init; }
    /// <summary>Only those with a lower id; null for the newest.</summary>
    public long? Before { get; init; }
    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 100;
}

/// <param name="Sent">False where the receiver refused it or could not be reached.</param>
public sealed record TestResult(bool Sent, string Said);

/// <param name="Person">Null where nobody is.</param>
public sealed record OnCallNow(string Schedule, string? Person);

/// <param name="Secret">True where the value must be "secret:NAME".</param>
public sealed record ChannelKindSetting(string Name, Phrase Meaning, bool Required, bool Secret);

public sealed record ChannelKind(string Kind, int PerMinute, IReadOnlyList<ChannelKindSetting> Settings);

/// <summary>What was told to whom, and what could not be.</summary>
public interface INotificationService
{
    /// <summary>The kinds of channels there are, with their settings.</summary>
    IReadOnlyList<ChannelKind> Kinds { get; }

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Delivery>> ListAsync(DeliveryQuery query, CancellationToken cancellation = default);

    /// <summary>Sends a dead letter again, from the first try on.</summary>
    Task<Outcome<Delivery>> ResendAsync(long id, Actor actor, CancellationToken cancellation = default);

    /// <summary>Sends a test by a channel at once, whatever its limits; an administrator's.</summary>
    Task<Outcome<TestResult>> TestAsync(string channel, Actor actor, CancellationToken cancellation = default);

    /// <summary>What a channel would send of a notice, or of the test; secrets left out.</summary>
    Task<Outcome<string>> PreviewAsync(string channel, long? noticeId, CancellationToken cancellation = default);

    Task<IReadOnlyList<OnCallNow>> OnCallAsync(CancellationToken cancellation = default);
}
