using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Drafts;

/// <summary>What transformations of one rule hand on to each other besides the rule.</summary>
internal sealed class PipelineState(SigmaLogSource source, IReadOnlyDictionary<string, IReadOnlyList<string>> variables)
{
    public SigmaLogSource LogSource { get; set; } = source;
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Variables => variables;
    public Dictionary<string, Constant> Values { get; } = new(StringComparer.Ordinal);
}
