using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'processing_state': what 'set_state' left, compared with a value.</summary>
internal sealed class StateTest(string key, Constant value, Relation relation) : IRuleTest, IItemTest, IFieldTest
{
    public static StateTest? Read(Arguments arguments)
    {
        var (key, value, relation) = (arguments.Text("key", required: true), arguments.Constant("val"), RelationName.Read(arguments, lists: false));
        return key is null || value is null || relation is null ? null : new StateTest(key, value, relation.Value);
    }

    public bool Test(RuleDraft rule) => Test(rule.State);
    public bool Test(DraftItem item, RuleDraft rule) => Test(rule.State);
    public bool Test(string? field, IReadOnlySet<string> applied, PipelineState state) => Test(state);

    private bool Test(PipelineState state) => state.Values.TryGetValue(key, out var found) && RelationName.Holds(relation, found, value);
}
