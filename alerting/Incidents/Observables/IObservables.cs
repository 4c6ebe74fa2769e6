namespace Beacon.Alerting.Incidents.Observables;

public enum ObservableMark
{
    None,
    /// <summary>To be looked for.</summary>
    Indicator,
    /// <summary>Harmless, or of no use.</summary>
    Ignored,
}

/// <summary>An address, domain, URL, hash, path or vulnerability that text of an incident names. Text of others: encode it, never make a link of it.</summary>
/// <param name="Source">Where it was first found: "timeline:12", "alert:17", "evidence:3".</param>
public sealed record Observable(long Id, int Version, long IncidentId, string IncidentNumber, ObservableKind Kind, string Value, string Source, DateTimeOffset FirstAt, ObservableMark Mark, string? MarkedBy, string Reason);

/// <summary>Observables of incidents; they are found in the background, within a tick of the clock of alerting.</summary>
public interface IObservables
{
    /// <summary>Those of one incident, or those with a value (defanged or not) in all of them; the newest first, at most <paramref name="limit"/> (1 to 500).</summary>
    Task<IReadOnlyList<Observable>> ListAsync(long? incident, string? value, int limit = 200, CancellationToken cancellation = default);

    Task<Outcome<Observable>> MarkAsync(long id, int version, ObservableMark mark, Actor actor, string reason, CancellationToken cancellation = default);
}
