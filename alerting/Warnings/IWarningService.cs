namespace Beacon.Alerting.Warnings;

/// <summary>Warnings: read, issue, adjust, lift, acknowledge. Each step asks for the role and the second person that the matrix wants for its level.</summary>
public interface IWarningService
{
    /// <summary>Gravest first, then newest.</summary>
    Task<IReadOnlyList<WarningSummary>> ListAsync(WarningQuery query, CancellationToken cancellation = default);
    Task<WarningDetail?> FindAsync(long id, CancellationToken cancellation = default);
    Task<WarningCounts> CountAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Issues a draft, or signs a proposed level. Where the matrix wants two people, the first call records the first
    /// signature (the proposal) and the second one, by another person, puts the level in force.
    /// </summary>
    Task<Outcome<WarningSummary>> IssueAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Changes the level, up or down. To a level that wants two people this records a proposal.</summary>
    Task<Outcome<WarningSummary>> AdjustAsync(long id, int version, WarningLevel level, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Takes a proposed level away.</summary>
    Task<Outcome<WarningSummary>> RefuseProposalAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default);
    Task<Outcome<WarningSummary>> LiftAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Changes marking, category, authority or playbook; what is null stays. A wider marking wants the role of the level.</summary>
    Task<Outcome<WarningSummary>> EditAsync(long id, int version, WarningEdit edit, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Adds a step that changes nothing but says something. Needs no version: it collides with nothing.</summary>
    /// <param name="text">1 to 2,000 UTF-16 units.</param>
    Task<Outcome<WarningSummary>> NoteAsync(long id, string text, Actor actor, CancellationToken cancellation = default);

    /// <summary>Says that the actor has read it as it stands: after the level rose, once more. A second time changes nothing. Needs no version: it collides with nothing.</summary>
    Task<Outcome<WarningSummary>> AcknowledgeAsync(long id, Actor actor, CancellationToken cancellation = default);
}

/// <param name="Tlp">A marking of TLP 2.0.</param>
/// <param name="Category">One of <see cref="WarningCategories.All"/>.</param>
/// <param name="Authority">At most 200 UTF-16 units.</param>
/// <param name="PlaybookId">Of a playbook that can be run; "" for none.</param>
public sealed record WarningEdit(string? Tlp = null, string? Category = null, string? Authority = null, string? PlaybookId = null);

/// <summary>The grading matrix in force and its earlier versions.</summary>
public interface IWarningMatrices
{
    Task<WarningMatrix> CurrentAsync(CancellationToken cancellation = default);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<WarningMatrix>> HistoryAsync(int limit = 20, CancellationToken cancellation = default);

    /// <summary>Puts a new version in force; <see cref="WarningMatrix.Version"/> names the version it was made from. Refused with every fault at once.</summary>
    Task<Outcome<WarningMatrix>> SaveAsync(WarningMatrix matrix, Actor actor, string reason, CancellationToken cancellation = default);
}
