using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'set_state': leaves a value for 'processing_state'.</summary>
internal sealed class SetState(string key, Constant value) : ITransformation
{
    public static SetState? Read(Arguments arguments)
    {
        var (key, value) = (arguments.Text("key", required: true), arguments.Constant("val"));
        return key is null || value is null ? null : new SetState(key, value);
    }

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.State.Values[key] = value;
}
