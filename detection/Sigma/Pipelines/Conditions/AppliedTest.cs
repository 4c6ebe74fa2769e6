using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'processing_item_applied': a transformation ran on the rule, changed the item, or named the field.</summary>
internal sealed class AppliedTest(string id) : IRuleTest, IItemTest, IFieldTest
{
    public static AppliedTest? Read(Arguments arguments) => arguments.Text("processing_item_id", required: true) is { } id ? new AppliedTest(id) : null;

    public bool Test(RuleDraft rule) => rule.Applied.Contains(id);
    public bool Test(DraftItem item, RuleDraft rule) => item.Applied.Contains(id);
    public bool Test(string? field, IReadOnlySet<string> applied, PipelineState state) => applied.Contains(id);
}
