namespace Beacon.Alerting.Incidents.Evidence;

public enum EvidenceKind
{
    File,
    /// <summary>An event as it stood in the event store, as canonical JSON.</summary>
    Event,
}

/// <summary>A piece of evidence. Its record stays when its content is removed.</summary>
/// <param name="Name">A plain file name, safe on every system. Text of others: encode it.</param>
/// <param name="MediaType">As it was said when it came; nothing is decided by it.</param>
/// <param name="Reference">"event:…" or "".</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Holder">Who answers for it.</param>
public sealed record EvidenceItem(
    long Id, int Version, long IncidentId, EvidenceKind Kind, string Name, string MediaType, string Description, string Reference, long Size, string Sha256, string Holder,
    string AddedBy, DateTimeOffset AddedAt, string? RemovedBy, DateTimeOffset? RemovedAt, string RemovedReason);

public enum CustodyAction
{
    Added,
    Viewed,
    Downloaded,
    Exported,
    HandedOver,
    /// <summary>Its incident was merged into another.</summary>
    Moved,
    Removed,
}

/// <summary>One entry of the chain of custody: one hash chain over all evidence.</summary>
/// <param name="Sequence">From 1 without gaps.</param>
/// <param name="Note">Why, or to whom.</param>
/// <param name="Hash">SHA-256 over the previous hash and the entry's values.</param>
public sealed record CustodyEntry(
    long Sequence, DateTimeOffset At, long EvidenceId, long IncidentId, CustodyAction Action, string Actor, string Note, string Sha256, long Size, string PreviousHash, string Hash);

/// <summary>Content to be read, and disposed of by the reader.</summary>
public sealed record EvidenceContent(string Name, Stream Content);
