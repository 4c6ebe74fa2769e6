namespace Beacon.Alerting.Playbooks.Imports;

/// <summary>One version of an imported playbook. Versions are never changed; withdrawing adds one.</summary>
/// <param name="Version">From 1; 0 is the file of the library.</param>
/// <param name="Withdrawn">From this version on the file of the library holds again, where there is one.</param>
public sealed record PlaybookVersion(string Id, int Version, string Name, DateTimeOffset Modified, bool Withdrawn, string ChangedBy, DateTimeOffset ChangedAt, string Reason);

/// <param name="Before">Compact JSON, cut at 2,000 UTF-16 units; null where it was not there.</param>
/// <param name="After">Likewise; null where it is gone.</param>
public sealed record PropertyChange(string Name, string? Before, string? After);

public enum StepChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <param name="Properties">Of a changed step only.</param>
public sealed record StepChange(string StepId, string Name, StepChangeKind Kind, IReadOnlyList<PropertyChange> Properties);

/// <param name="Document">Properties of the playbook outside its workflow.</param>
public sealed record PlaybookDiff(string Id, int From, int To, IReadOnlyList<PropertyChange> Document, IReadOnlyList<StepChange> Steps);

/// <summary>Playbooks kept in the state database. The newest version of an id stands over the library's file of that id; a run keeps the document it began with.</summary>
public interface IPlaybookImports
{
    /// <summary>Keeps a document as the next version. Refused where it is no valid CACAO 2.0; one that is valid but not run here is kept, and no run of it begins.</summary>
    /// <param name="version">The newest version that was seen, 0 for none.</param>
    Task<Outcome<PlaybookVersion>> ImportAsync(ReadOnlyMemory<byte> json, int version, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Takes an imported playbook out of the library; its versions stay. A reason is wanted.</summary>
    Task<Outcome<PlaybookVersion>> WithdrawAsync(string id, int version, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<PlaybookVersion>> VersionsAsync(string id, CancellationToken cancellation = default);

    /// <summary>The document with its secrets masked; null where there is none.</summary>
    /// <param name="version">Null for the one in force, 0 for the library's file.</param>
    Task<string?> ExportAsync(string id, int? version = null, CancellationToken cancellation = default);

    /// <summary>What the second version has otherwise than the first. 0 stands for the library's file.</summary>
    Task<Outcome<PlaybookDiff>> DiffAsync(string id, int from, int to, CancellationToken cancellation = default);
}
