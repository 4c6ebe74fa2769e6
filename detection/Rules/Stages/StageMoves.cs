using Beacon.Events;

namespace Beacon.Detections.Rules.Stages;

/// <summary>A way from one stage to another.</summary>
/// <param name="AsksReason">It goes back, or out of service: whoever does it says why.</param>
public sealed record StageMove(RuleStage From, RuleStage To, bool AsksReason);

/// <summary>The ways that there are. A draft is tried before it may raise anything; whatever found events may be retired.</summary>
public static class StageMoves
{
    public static IReadOnlyList<StageMove> All { get; } =
    [
        new(RuleStage.Draft, RuleStage.Test, false), new(RuleStage.Draft, RuleStage.Staged, false),
        new(RuleStage.Test, RuleStage.Draft, true), new(RuleStage.Test, RuleStage.Staged, false), new(RuleStage.Test, RuleStage.Live, false), new(RuleStage.Test, RuleStage.Retired, true),
        new(RuleStage.Staged, RuleStage.Draft, true), new(RuleStage.Staged, RuleStage.Test, true), new(RuleStage.Staged, RuleStage.Live, false), new(RuleStage.Staged, RuleStage.Retired, true),
        new(RuleStage.Live, RuleStage.Test, true), new(RuleStage.Live, RuleStage.Staged, true), new(RuleStage.Live, RuleStage.Retired, true),
        new(RuleStage.Retired, RuleStage.Draft, false), new(RuleStage.Retired, RuleStage.Test, false), new(RuleStage.Retired, RuleStage.Staged, false), new(RuleStage.Retired, RuleStage.Live, false),
    ];

    /// <summary>The way, or null where there is none.</summary>
    public static StageMove? Find(RuleStage from, RuleStage to) => All.FirstOrDefault(m => m.From == from && m.To == to);

    /// <summary>What the stage is called within a sentence.</summary>
    public static Phrase Said(this RuleStage stage) => stage switch
    {
        RuleStage.Draft => (Phrase)"Draft",
        RuleStage.Test => "Test",
        RuleStage.Staged => "Staged",
        RuleStage.Live => "Live",
        _ => "Retired",
    };

    public static IEnumerable<StageMove> From(RuleStage stage) => All.Where(m => m.From == stage);

    /// <summary>True where a rule of this stage sees events as they come.</summary>
    public static bool IsEvaluated(this RuleStage stage) => stage is RuleStage.Staged or RuleStage.Live;
}
