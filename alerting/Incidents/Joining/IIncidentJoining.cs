namespace Beacon.Alerting.Incidents.Joining;

/// <summary>Two incidents that turn out to be one, or one that turns out to be two.</summary>
public interface IIncidentJoining
{
    /// <summary>
    /// Takes another incident into one: its alerts, entities, open tasks, evidence, playbook runs, statutory clocks and its warning, where this one has none. The other is closed and points here. Both timelines
    /// stay as they are and name each other.
    /// </summary>
    /// <param name="id">The incident that goes on.</param>
    Task<Outcome<IncidentSummary>> MergeAsync(long id, int version, long other, int otherVersion, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Opens a new incident with some of the alerts of one; at least one stays.</summary>
    /// <param name="title">Null to name it after its gravest alert.</param>
    Task<Outcome<IncidentSummary>> SplitAsync(long id, int version, IReadOnlyList<long> alerts, string? title, Actor actor, string reason, CancellationToken cancellation = default);
}
