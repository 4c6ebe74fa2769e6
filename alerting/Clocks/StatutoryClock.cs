namespace Beacon.Alerting.Clocks;

public enum ClockState
{
    /// <summary>Its time has not begun: the incident is open, or the report before it is not sent.</summary>
    Waiting,
    Running,
    Sent,
    /// <summary>Nobody need report: a person said why.</summary>
    Withdrawn,
}

/// <summary>One report that a law wants of one incident, and its time.</summary>
/// <param name="AwareAt">When the incident became known.</param>
/// <param name="StartsAt">What the time is counted from; null while it waits.</param>
/// <param name="Late">It is overdue, or was sent too late.</param>
/// <param name="RulesVersion">Version of the rules that it was made from.</param>
/// <param name="Reference">The receiver's number, or other words by which the report is found again.</param>
public sealed record StatutoryClock(
    long Id, int Version, long IncidentId, string IncidentNumber, string RegimeId, string RegimeName, string Source, string ReportId, string ReportName,
    IReadOnlyList<string> To, ClockBasis Basis, ClockState State, DateTimeOffset AwareAt, DateTimeOffset? StartsAt, DateTimeOffset? DueAt, bool Late,
    DateTimeOffset? SentAt, string? SentBy, string Reference, string Note, int RulesVersion);

/// <summary>A report as far as Beacon can write it.</summary>
/// <param name="Markdown">Every field, the missing ones marked. Text from events stands in it, escaped.</param>
/// <param name="Missing">Labels of the fields that a person must fill in.</param>
public sealed record ReportDraft(long ClockId, string Title, string Markdown, IReadOnlyList<string> Missing);

/// <summary>What a clock keeps of the rules, so that a later edit changes no duty that runs.</summary>
internal sealed record ClockDefinition(string RegimeName, string Source, string Audience, ClockReport Report);

/// <summary>A clock as its table has it.</summary>
internal sealed class ClockRow
{
    public long Id { get; init; }
    public int Version { get; set; }
    public long IncidentId { get; init; }
    public string IncidentNumber { get; init; } = "";
    public string RegimeId { get; init; } = "";
    public string ReportId { get; init; } = "";
    public required ClockDefinition Definition { get; init; }
    public ClockState State { get; set; }
    public DateTimeOffset AwareAt { get; set; }
    public DateTimeOffset? StartsAt { get; set; }
    public DateTimeOffset? DueAt { get; set; }
    /// <summary>Share of the span, in percent, that people were told of: 0, 50, 80, 100.</summary>
    public int Told { get; set; }
    public DateTimeOffset? NextAt { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public string? SentBy { get; set; }
    public string Reference { get; set; } = "";
    public string Note { get; set; } = "";
    public int RulesVersion { get; init; }

    public void Start(DateTimeOffset at)
    {
        State = ClockState.Running;
        StartsAt = at;
        DueAt = Definition.Report.DueFrom(at);
        Told = 0;
        NextAt = InstantOf(50);
    }

    public void Wait()
    {
        State = ClockState.Waiting;
        (StartsAt, DueAt, NextAt, Told) = (null, null, null, 0);
    }

    public DateTimeOffset InstantOf(int percent) => percent >= 100 ? DueAt!.Value : StartsAt!.Value + (DueAt!.Value - StartsAt.Value) * (percent / 100.0);

    public StatutoryClock View(DateTimeOffset now) => new(
        Id, Version, IncidentId, IncidentNumber, RegimeId, Definition.RegimeName, Definition.Source, ReportId, Definition.Report.Name, Definition.Report.To, Definition.Report.Basis,
        State, AwareAt, StartsAt, DueAt, State switch { ClockState.Running => DueAt < now, ClockState.Sent => SentAt > DueAt, _ => false }, SentAt, SentBy, Reference, Note, RulesVersion);
}
