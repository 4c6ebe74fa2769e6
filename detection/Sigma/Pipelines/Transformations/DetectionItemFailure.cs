using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'detection_item_failure': a rule with such an item cannot be run, with the message as the reason.</summary>
internal sealed class DetectionItemFailure(string message) : ItemTransformation
{
    public static DetectionItemFailure? Read(Arguments arguments) => arguments.Text("message", required: true) is { } message ? new DetectionItemFailure(message) : null;

    protected override DraftNode? Change(DraftItem item, RuleDraft draft)
    {
        draft.Fail(Phrase.Plain(message));
        return item;
    }
}
