using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Hunts;

/// <summary>Searches the stored events of the time before now.</summary>
internal interface IHunt
{
    /// <param name="rule">A Sigma document.</param>
    Task<HuntAnswer> SigmaAsync(string rule, TimeSpan lookBack, CancellationToken cancellation);

    /// <param name="query">Text of our query language.</param>
    Task<HuntAnswer> QueryAsync(string query, TimeSpan lookBack, CancellationToken cancellation);
}

/// <param name="Events">Newest first, at most ten.</param>
/// <param name="Fault">Why there is no answer, or null.</param>
internal sealed record HuntAnswer(long Count, IReadOnlyList<string> Events, Phrase? Fault = null)
{
    public static HuntAnswer Failed(Phrase fault) => new(0, [], fault);
}
