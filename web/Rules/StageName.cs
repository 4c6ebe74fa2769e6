using Beacon.Detections.Rules.Stages;
using Beacon.Events;

namespace Beacon.Web.Rules;

/// <summary>What a rule's stage is called within a sentence.</summary>
internal static class StageName
{
    public static Phrase Of(RuleStage stage) => stage switch
    {
        RuleStage.Draft => (Phrase)"Draft",
        RuleStage.Test => "Test",
        RuleStage.Staged => "Staged",
        RuleStage.Live => "Live",
        _ => "Retired",
    };
}
