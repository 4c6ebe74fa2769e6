using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'contains_detection_item': an item of the rule has the field and the value, of the same type.</summary>
internal sealed class ContainsItemTest(string field, Constant value) : IRuleTest
{
    public static ContainsItemTest? Read(Arguments arguments)
    {
        var (field, value) = (arguments.Text("field", required: true), arguments.Constant("value"));
        return field is null || value is null ? null : new ContainsItemTest(field, value);
    }

    public bool Test(RuleDraft rule) => rule.Items.Any(i => i.Fields.Contains(field) && i.Values.Exists(v => ValueText.Is(v, value)));
}
