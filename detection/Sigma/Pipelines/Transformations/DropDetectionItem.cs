using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'drop_detection_item': the item is left out. What is left of its selection stays; a selection of which nothing is left drops out of the condition.</summary>
internal sealed class DropDetectionItem : ItemTransformation
{
    public static DropDetectionItem Read(Arguments arguments) => new();

    protected override DraftNode? Change(DraftItem item, RuleDraft draft) => null;
}
