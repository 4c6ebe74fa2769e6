using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'contains_wildcard' of a rule: a value of it has a wildcard.</summary>
internal sealed class RuleWildcardTest : IRuleTest
{
    public static RuleWildcardTest Read(Arguments arguments) => new();

    public bool Test(RuleDraft rule) => rule.Items.Any(static i => i.Values.Exists(static v => v is PatternValue { Pattern.HasWildcards: true }));
}
