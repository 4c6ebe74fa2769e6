using Beacon.Events;

namespace Beacon.Alerting.Notifications.Channels;

/// <summary>Sends messages by one kind of channel. Never throws for the receiver's sake: what goes wrong there is the result.</summary>
internal interface INotifier
{
    /// <summary>As setups write it: "email".</summary>
    string Kind { get; }

    IReadOnlyList<ChannelSetting> Settings { get; }

    /// <summary>Messages a minute that the receiver takes, where a channel says nothing.</summary>
    int PerMinute { get; }

    /// <summary>What is sent, as a person may read it: no secrets.</summary>
    string Preview(Message message, ChannelValues values);

    /// <param name="cancellation">Cancelled when the try's time is over, or Beacon stops.</param>
    Task<SendResult> SendAsync(Message message, ChannelValues values, CancellationToken cancellation);
}

/// <summary>A channel's settings with secrets filled in. Its text form tells nothing.</summary>
internal sealed class ChannelValues(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The value, or "" where it is not set.</summary>
    public string this[string name] => values.GetValueOrDefault(name, "");

    public override string ToString() => "settings";
}

internal enum SendOutcome
{
    Sent,
    /// <summary>It may go another time.</summary>
    Later,
    /// <summary>It will not go as it is: a person must look.</summary>
    Refused,
}

/// <param name="Said">One line for lists; no secrets.</param>
/// <param name="After">What the receiver asked to be waited, or null.</param>
internal sealed record SendResult(SendOutcome Outcome, string Said, TimeSpan? After = null)
{
    public static SendResult Sent(Phrase said) => new(SendOutcome.Sent, said.ToString());
    public static SendResult Later(Phrase said, TimeSpan? after = null) => new(SendOutcome.Later, said.ToString(), after);
    public static SendResult Refused(Phrase said) => new(SendOutcome.Refused, said.ToString());
}
