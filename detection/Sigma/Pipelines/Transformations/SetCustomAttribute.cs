using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'set_custom_attribute': leaves a value for 'rule_attribute'.</summary>
internal sealed class SetCustomAttribute(string attribute, Constant value) : ITransformation
{
    public string Attribute => attribute;

    public static SetCustomAttribute? Read(Arguments arguments)
    {
        var (attribute, value) = (arguments.Text("attribute", required: true), arguments.Constant("value"));
        return attribute is null || value is null ? null : new SetCustomAttribute(attribute, value);
    }

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.Attributes[attribute] = value;
}
