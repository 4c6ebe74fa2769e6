namespace Beacon.Alerting.Desks;

/// <summary>What a line of a hand-over is about.</summary>
public enum ShiftLineKind
{
    Alert,
    /// <summary>An alert that comes back from the shelf.</summary>
    Shelved,
    Incident,
    Warning,
    /// <summary>A report that the law wants.</summary>
    Report,
}

/// <summary>One thing that was open at the change of shift.</summary>
/// <param name="Id">Of the alert, incident, warning, or of the report's incident.</param>
/// <param name="Owner">Who has it; null for nobody.</param>
/// <param name="State">Its state as its enum names it ("New", "Respond", "Orange").</param>
/// <param name="Until">When it comes back or is due; null for others.</param>
public sealed record ShiftLine(ShiftLineKind Kind, long Id, string Number, string Title, string? Owner, string State, DateTimeOffset? Until = null);

public sealed record ShiftRead(string Account, DateTimeOffset At);

/// <summary>A note at the change of shift: what one person leaves to the next, with what was open then.</summary>
/// <param name="Version">1, and one more for each person who read it.</param>
/// <param name="OpenAlerts">All that were open, be they among the lines or not.</param>
/// <param name="Lines">The most urgent first of each kind, at most <see cref="IShiftNotes.MaxLines"/> of each.</param>
public sealed record ShiftNote(long Id, int Version, string Author, string Note, DateTimeOffset At, long OpenAlerts, IReadOnlyList<ShiftLine> Lines, IReadOnlyList<ShiftRead> Reads);

/// <summary>Notes at the change of shift. A note stays as it was written: who wants to add something writes another.</summary>
public interface IShiftNotes
{
    /// <summary>Longest note, UTF-16 units.</summary>
    const int MaxNoteLength = 10_000;
    /// <summary>Lines of each kind.</summary>
    const int MaxLines = 50;

    /// <summary>What would stand in a note that is written now.</summary>
    Task<ShiftNote> DraftAsync(Actor actor, CancellationToken cancellation = default);

    /// <summary>Newest first.</summary>
    /// <param name="limit">1 to 100.</param>
    Task<IReadOnlyList<ShiftNote>> ListAsync(int limit = 20, CancellationToken cancellation = default);
    Task<ShiftNote?> FindAsync(long id, CancellationToken cancellation = default);

    Task<Outcome<ShiftNote>> WriteAsync(string note, Actor actor, CancellationToken cancellation = default);

    /// <summary>Says that the actor has read it. A second time, or by its author, changes nothing; it collides with nothing and needs no version.</summary>
    Task<Outcome<ShiftNote>> ReadAsync(long id, Actor actor, CancellationToken cancellation = default);
}
