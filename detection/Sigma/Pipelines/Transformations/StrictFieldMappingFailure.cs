using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'strict_field_mapping_failure': a rule with a field that no table of a pipeline named cannot be run.</summary>
internal sealed class StrictFieldMappingFailure : ITransformation
{
    public static StrictFieldMappingFailure Read(Arguments arguments) => new();

    public void Apply(RuleDraft draft, ProcessingItem item)
    {
        var unmapped = draft.Items.Where(static i => !i.IsMapped).SelectMany(static i => i.Fields).Distinct(StringComparer.Ordinal).ToArray();
        if (unmapped.Length > 0) draft.Fail($"no pipeline maps the fields {string.Join(", ", unmapped.Take(20))}");
    }
}
