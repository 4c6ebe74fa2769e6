using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>A transformation of the list of fields that a query returns. Detections keep the whole event, so there is nothing to do; the reader says so.</summary>
internal sealed class OutputFields : ITransformation
{
    public static OutputFields? Read(Arguments arguments, string key)
    {
        if (arguments.Texts(key, required: true) is null) return null;
        arguments.Faults.Warn(arguments.Mark, FaultCodes.Unsupported, $"{arguments.What} has no effect: a detection keeps every field of its event", "leave it out");
        return new OutputFields();
    }

    public void Apply(RuleDraft draft, ProcessingItem item) { }
}
