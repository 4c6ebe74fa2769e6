using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'contains_field': an item of the rule has the field.</summary>
internal sealed class ContainsFieldTest(string field) : IRuleTest
{
    public static ContainsFieldTest? Read(Arguments arguments) => arguments.Text("field", required: true) is { } field ? new ContainsFieldTest(field) : null;

    public bool Test(RuleDraft rule) => rule.Items.Any(i => i.Fields.Contains(field));
}
