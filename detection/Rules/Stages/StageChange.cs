using Beacon.Events;

namespace Beacon.Detections.Rules.Stages;

/// <summary>A move of a rule that was made.</summary>
/// <param name="Number">From 1, by rule; the newest <see cref="StageStore.MaxChanges"/> are kept.</param>
public sealed record StageChange(string RuleId, long Number, RuleStage From, RuleStage To, DateTimeOffset At, string By, string Reason);

/// <summary>Who changes a rule, and why.</summary>
/// <param name="Reason">At most <see cref="MaxReason"/> characters; longer ones are cut.</param>
public sealed record RuleAct(string By, string Reason = "")
{
    public const int MaxReason = 2_000;

    internal string Why => Reason.Length > MaxReason ? Reason[..MaxReason] : Reason;
}

/// <summary>What came of moving rules: each that moved, and why the others did not.</summary>
public sealed record StageResult(IReadOnlyList<StageChange> Moved, IReadOnlyList<StageRefusal> Refused);

/// <param name="IsUnknown">There is no such rule.</param>
public sealed record StageRefusal(string RuleId, Phrase Message, bool IsUnknown = false);
