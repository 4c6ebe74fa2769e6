namespace Beacon.Detections.Rules.Trials;

public enum TrialKind
{
    Cases,
    Backtest,
}

/// <summary>A text of a rule was tried.</summary>
/// <param name="TextHash"><see cref="RuleText.HashOf"/> of the text: of another one it says nothing.</param>
/// <param name="Passed">All cases came out as they say; or the back-test came to its end.</param>
/// <param name="Result">In short: "4 of 6 cases", "3 raised over 7 days".</param>
public sealed record RuleTrial(string RuleId, TrialKind Kind, string TextHash, DateTimeOffset At, string By, bool Passed, string Result);
