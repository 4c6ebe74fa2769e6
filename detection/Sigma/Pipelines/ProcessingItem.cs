using Beacon.Detections.Sigma.Pipelines.Conditions;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Transformations;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>A transformation with its conditions: on the rule, on its detection items, and on names of fields.</summary>
/// <param name="Id">As the pipeline gives it, or made of its place.</param>
internal sealed record ProcessingItem(string Id, ITransformation Transformation, TestTree<IRuleTest>? Rule, TestTree<IItemTest>? Items, TestTree<IFieldTest>? Fields)
{
    /// <summary>True where the rule's conditions held.</summary>
    public bool Run(RuleDraft draft)
    {
        if (draft.Failure is not null || Rule?.Holds(t => t.Test(draft)) == false) return false;
        draft.Applied.Add(Id);
        Transformation.Apply(draft, this);
        return true;
    }

    /// <summary>The conditions on items hold, and those on names for its field or one that its values refer to.</summary>
    public bool Takes(DraftItem item, RuleDraft draft)
    {
        if (Items?.Holds(t => t.Test(item, draft)) == false) return false;
        if (Fields is null) return true;
        return (item.IsKeywords && TakesName(null, item.Applied, draft.State)) || item.Fields.Concat(item.Values.OfType<FieldReferenceValue>().Select(static v => v.Field)).Any(f => TakesName(f, item.Applied, draft.State));
    }

    public bool TakesName(string? field, IReadOnlySet<string> applied, PipelineState state) => Fields?.Holds(t => t.Test(field, applied, state)) != false;

    /// <summary>Remembers in every item of a part that this changed it.</summary>
    public void Mark(DraftNode node)
    {
        if (node is DraftItem item) item.Applied.Add(Id);
        else foreach (var part in ((DraftGroup)node).Parts) Mark(part);
    }
}
