namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Whether a machine answers, seen from here.</summary>
public interface IReachability
{
    /// <summary>How long an answer is waited for.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Opens a TCP connection and closes it. Nothing is sent. Private addresses only where <see cref="AlertingOptions.AllowedPrivateHosts"/> names them.</summary>
    /// <param name="address">An IPv4 or IPv6 address; names are not resolved.</param>
    Task<ReachAnswer> KnockAsync(string address, int port, CancellationToken cancellation = default);
}

/// <param name="Took">Until the answer.</param>
public sealed record ReachAnswer(ReachOutcome Outcome, TimeSpan Took);

/// <summary>What came back.</summary>
public enum ReachOutcome
{
    /// <summary>A connection: the machine is there, and listens.</summary>
    Connected,
    /// <summary>A refusal: the machine is there, and nothing listens at that port.</summary>
    Closed,
    /// <summary>Nothing.</summary>
    NoAnswer,
    /// <summary>The network knows no way there.</summary>
    NoWay,
    /// <summary>Not tried: private, and not allowed.</summary>
    Refused,
    /// <summary>Not tried: no address, or no port.</summary>
    Invalid,
}
