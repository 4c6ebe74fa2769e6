using Beacon.Detections.Sigma.Pipelines.Drafts;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'nest': transformations under the conditions of this one.</summary>
internal sealed class Nest(IReadOnlyList<ProcessingItem> items) : ITransformation
{
    public IReadOnlyList<ProcessingItem> Items => items;

    public void Apply(RuleDraft draft, ProcessingItem item)
    {
        foreach (var inner in items) inner.Run(draft);
    }
}
