using Beacon.Detections.Sigma.Pipelines.Drafts;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>One step of a pipeline, on a rule whose conditions it has passed.</summary>
internal interface ITransformation
{
    /// <param name="item">Itself with its id and its conditions on items and names.</param>
    void Apply(RuleDraft draft, ProcessingItem item);
}

/// <summary>A step that looks at every detection item by itself.</summary>
internal abstract class ItemTransformation : ITransformation
{
    public void Apply(RuleDraft draft, ProcessingItem item) => draft.Change(detection =>
    {
        if (!item.Takes(detection, draft)) return detection;
        var changed = Change(detection, draft);
        if (changed is null || IsChange) item.Mark(changed ?? detection);
        return changed;
    });

    /// <summary>False for steps that mark what they change themselves.</summary>
    protected virtual bool IsChange => true;

    /// <summary>What takes the item's place; null drops it.</summary>
    protected abstract DraftNode? Change(DraftItem item, RuleDraft draft);
}

/// <summary>A step that looks at every value by itself.</summary>
internal abstract class ValueTransformation : ItemTransformation
{
    protected override DraftNode? Change(DraftItem item, RuleDraft draft)
    {
        var values = new List<SigmaValue>();
        foreach (var value in item.Values)
        {
            if (Change(value, draft) is { } changed) values.AddRange(changed);
            else values.Add(value);
            if (values.Count > Modifiers.ModifierChain.MaxValues) break;
        }
        item.Values = [.. values.Distinct()];
        return item;
    }

    /// <summary>What takes the value's place; null leaves it.</summary>
    protected abstract IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft);
}
