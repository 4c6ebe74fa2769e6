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
    /// <summary>When the level in force was issued or last raised: acknowledgements count from here.</summary>
    public DateTimeOffset? RaisedAt { get; init; }
    public required int Acknowledgements { get; init; }
}

/// <param name="Why">What ties the asset to the warning, in a few words.</param>
public sealed record WarningAsset(string Id, string Name, AssetImportance Importance, string Organisation, string Sector, string Why);

/// <param name="Technique">ATT&amp;CK id ("T0855") or tactic ("credential-access") it follows from.</param>
public sealed record WarningAdvice(string Technique, string Text);

/// <summary>An asset that is not hit yet and shares something with those that are.</summary>
/// <param name="Shares">"zone ot-cell-3", "account svc-backup", the same in the language of the asset list.</param>
public sealed record ExposedAsset(string Id, string Name, AssetImportance Importance, string Organisation, string Sector, IReadOnlyList<string> Shares);

/// <summary>Where the attack stands, and what usually comes next.</summary>
/// <param name="Early">One of the first stages: there is still time.</param>
/// <param name="Watch">What to look at to see the next stage coming.</param>
public sealed record StageOutlook(string Tactic, bool Early, string Means, IReadOnlyList<StageFollow> Follows, string Watch);

public sealed record StageFollow(string Tactic, string Text);

/// <summary>An alert that a warning rests on.</summary>
public sealed record WarningEvidence(long AlertId, string Number, string Title, string RuleTitle, Severity Severity, DateTimeOffset FirstSeen, long Detections);

/// <summary>A role that must acknowledge.</summary>
/// <param name="Done">Somebody who holds it has, since the level was issued or raised.</param>
/// <param name="Waiting">Those with this role who have not.</param>
/// <param name="RemindAt">When they are reminded, or the next role is told; null where nobody will be.</param>
public sealed record AwaitedRole(string Role, bool Done, IReadOnlyList<string> Waiting, DateTimeOffset? RemindAt);

/// <param name="Action">"draft", "issue", "adjust", "propose", "sign", "refuse", "lift", "note", "edit", "remind", "escalate".</param>
public sealed record WarningStep(long Id, string Action, string Actor, string Reason, DateTimeOffset At, WarningLevel From, WarningLevel To);

/// <param name="After">Since the warning was issued.</param>
/// <param name="Current">Since the level was issued or last raised.</param>
public sealed record WarningAcknowledgement(string Actor, DateTimeOffset At, TimeSpan After, bool Current);

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
    /// <summary>On whose authority it is issued, or "".</summary>
    public required string Authority { get; init; }
    /// <summary>Which stages the attack has reached and what usually follows, the furthest first.</summary>
    public required IReadOnlyList<StageOutlook> Outlook { get; init; }
    /// <summary>Who may be next.</summary>
    public required IReadOnlyList<ExposedAsset> Exposed { get; init; }
    /// <summary>Sectors of exposed assets that are not hit yet.</summary>
    public required IReadOnlyList<string> LikelySectors { get; init; }
    /// <summary>Organisations of exposed assets that are not hit yet.</summary>
    public required IReadOnlyList<string> LikelyOrganisations { get; init; }
    /// <summary>Newest first, at most 200.</summary>
    public required IReadOnlyList<WarningEvidence> Evidence { get; init; }
    /// <summary>Who must acknowledge, and who has not.</summary>
    public required IReadOnlyList<AwaitedRole> Awaited { get; init; }
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
