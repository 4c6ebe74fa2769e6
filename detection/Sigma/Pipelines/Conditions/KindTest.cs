using Beacon.Detections.Sigma.Pipelines.Drafts;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'is_sigma_rule' and 'is_sigma_correlation_rule': pipelines see a correlation through the rules that it joins, so each is one answer.</summary>
internal sealed class KindTest(bool isRule) : IRuleTest
{
    public bool Test(RuleDraft rule) => isRule;
}
