using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Warning levels as GB/T 32924-2016 orders them. A higher number is graver.</summary>
public enum WarningLevel
{
    None = 0,
    /// <summary>IV.</summary>
    Blue = 1,
    /// <summary>III.</summary>
    Yellow = 2,
    /// <summary>II.</summary>
    Orange = 3,
    /// <summary>I.</summary>
    Red = 4,
}

/// <summary>What the incident may do to its object, gravest last.</summary>
public enum DamageGrade
{
    General,
    RelativelySerious,
    Serious,
    EspeciallySerious,
}

public enum WarningState
{
    Draft,
    Issued,
    /// <summary>Issued, and its level changed since.</summary>
    Adjusted,
    Lifted,
}

/// <summary>One warning as boards and the change feed carry it.</summary>
public sealed record WarningSummary
{
    public required long Id { get; init; }
    /// <summary>"W-2026-0147".</summary>
    public required string Number { get; init; }
    public required int Version { get; init; }
    public required WarningState State { get; init; }
    /// <summary>The level in force; of a draft, the level it would be issued with.</summary>
    public required WarningLevel Level { get; init; }
    /// <summary>A graver level that waits for a person; null where none is proposed.</summary>
    public WarningLevel? ProposedLevel { get; init; }
    /// <summary>Who proposed or signed it first.</summary>
    public string? ProposedBy { get; init; }
    public DateTimeOffset? ProposedAt { get; init; }
    /// <summary>Which cell of the matrix gave the level: "important object × serious damage → yellow (matrix 3, clause 2.2)".</summary>
    public required string Clause { get; init; }
    /// <summary>"unauthorised-control", "credential-access", …: the gravest stage seen.</summary>
    public required string Category { get; init; }
    public required string Title { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? IssuedAt { get; init; }
    public DateTimeOffset? LiftedAt { get; init; }
    /// <summary>Who issued it; "Beacon" where no person had to.</summary>
    public string? Issuer { get; init; }
    public long? IncidentId { get; init; }
    public string? IncidentNumber { get; init; }
    /// <summary>"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED" (TLP 2.0).</summary>
    public required string Tlp { get; init; }
    public string? PlaybookId { get; init; }
    public required int Acknowledgements { get; init; }
}

/// <param name="Why">What ties the asset to the warning, in a few words.</param>
public sealed record WarningAsset(string Id, string Name, AssetImportance Importance, string Organisation, string Sector, string Why);

/// <param name="Technique">ATT&amp;CK id ("T0855") or tactic ("credential-access") it follows from.</param>
public sealed record WarningAdvice(string Technique, string Text);

/// <param name="Action">"draft", "issue", "adjust", "propose", "sign", "refuse", "lift", "note".</param>
public sealed record WarningStep(long Id, string Action, string Actor, string Reason, DateTimeOffset At, WarningLevel From, WarningLevel To);

/// <param name="After">Since the warning was issued.</param>
public sealed record WarningAcknowledgement(string Actor, DateTimeOffset At, TimeSpan After);

public sealed record WarningDetail
{
    public required WarningSummary Summary { get; init; }
    public required string WhatHappened { get; init; }
    public required AssetImportance Importance { get; init; }
    public required DamageGrade Damage { get; init; }
    /// <summary>Which rule gave the damage grade.</summary>
    public required string DamageReason { get; init; }
    public required int MatrixVersion { get; init; }
    public required IReadOnlyList<WarningAsset> Assets { get; init; }
    public required IReadOnlyList<string> Sectors { get; init; }
    public required IReadOnlyList<string> Organisations { get; init; }
    /// <summary>ATT&amp;CK tactics seen, in the order of an attack.</summary>
    public required IReadOnlyList<string> Stages { get; init; }
    public required IReadOnlyList<long> AlertIds { get; init; }
    public required IReadOnlyList<WarningAdvice> Advice { get; init; }
    public required IReadOnlyList<WarningStep> Steps { get; init; }
    public required IReadOnlyList<WarningAcknowledgement> Acknowledgements { get; init; }
}

/// <summary>Standing warnings (issued or adjusted) by level, and drafts and proposals that wait for a person.</summary>
public sealed record WarningCounts(int Red, int Orange, int Yellow, int Blue, int WaitingForPerson);

public sealed record WarningQuery
{
    /// <summary>Default: all but lifted ones.</summary>
    public IReadOnlyList<WarningState>? States { get; init; }
    public WarningLevel? AtLeast { get; init; }
    public long? IncidentId { get; init; }
    public int Offset { get; init; }
    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 100;
}
