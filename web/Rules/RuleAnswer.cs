using Beacon.Alerting;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Web.Rules;

/// <summary>What came of a change to a rule.</summary>
/// <param name="Rule">As it is now; null where nothing was changed.</param>
/// <param name="Faults">Of the text; with an error among them nothing was changed.</param>
public sealed record RuleAnswer(RuleView? Rule, IReadOnlyList<SigmaFault> Faults, Refusal? Refusal = null)
{
    /// <summary>What the text was not tried on, because of which it is not live yet: it goes live confirmed, with a reason.</summary>
    public IReadOnlyList<TrialKind> Untried { get; init; } = [];

    /// <summary>The move that was made, for taking it back.</summary>
    public StageChange? Move { get; init; }

    public bool Done => Rule is not null;

    public static RuleAnswer Refused(RefusalKind kind, Phrase message) => new(null, [], new Refusal(kind, message));
}

/// <summary>How a text is saved.</summary>
/// <param name="Stage">Where the rule stands from now on; null: where it stands, or as a draft where it is new.</param>
/// <param name="Revision">Of the text that it replaces; null for a new rule.</param>
/// <param name="Confirmed">It may go live without having been tried; with a reason.</param>
public sealed record RuleSave(string Text, RuleStage? Stage, string? Revision, string Reason, bool Confirmed = false)
{
    /// <summary>Id of the text with faults that it mends; null where it mends none.</summary>
    public string? Unfinished { get; init; }
}
