using Beacon.Events;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>Evidence of incidents: kept by its SHA-256, and everybody who touches it is written down.</summary>
public interface IIncidentEvidence
{
    /// <summary>Longest description, reason and note, UTF-16 units.</summary>
    const int MaxText = 2_000;

    /// <summary>Bytes that <see cref="ViewAsync"/> shows.</summary>
    const int MaxView = 64 * 1024;

    /// <summary>In the order in which it came; what was removed too.</summary>
    Task<IReadOnlyList<EvidenceItem>> ListAsync(long incident, CancellationToken cancellation = default);

    /// <summary>The chain of custody of one piece, oldest first.</summary>
    Task<IReadOnlyList<CustodyEntry>> CustodyAsync(long incident, long evidence, CancellationToken cancellation = default);

    /// <summary>Reads the stream to its end and keeps it; either all of it is kept and recorded, or nothing.</summary>
    Task<Outcome<EvidenceItem>> AddFileAsync(long incident, string name, string mediaType, string description, Stream content, Actor actor, CancellationToken cancellation = default);

    /// <summary>Keeps an event of the store as it stands now.</summary>
    Task<Outcome<EvidenceItem>> AddEventAsync(long incident, SecurityEventId id, string description, Actor actor, CancellationToken cancellation = default);

    /// <summary>The first <see cref="MaxView"/> bytes as text; what is no text reads as replacement characters.</summary>
    Task<Outcome<string>> ViewAsync(long incident, long evidence, Actor actor, CancellationToken cancellation = default);

    /// <summary>The content, to be saved and never shown as a page.</summary>
    Task<Outcome<EvidenceContent>> OpenAsync(long incident, long evidence, Actor actor, string note = "", CancellationToken cancellation = default);

    /// <summary>All of the incident's evidence as a zip file with manifest.json: hashes, custody, and whether each file still has its hash.</summary>
    Task<Outcome<EvidenceContent>> ExportAsync(long incident, Actor actor, string note = "", CancellationToken cancellation = default);

    Task<Outcome<EvidenceItem>> HandOverAsync(long incident, long evidence, int version, string to, Actor actor, string note, CancellationToken cancellation = default);

    /// <summary>Removes the content; the record and its custody stay. A supervisor, with a reason.</summary>
    Task<Outcome<EvidenceItem>> RemoveAsync(long incident, long evidence, int version, Actor actor, string reason, CancellationToken cancellation = default);
}
