using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>The pipelines in detection/pipelines/, which are part of the assembly: without them no rule would see.</summary>
internal static class BuiltInPipelines
{
    private const string Prefix = "pipelines/";

    /// <exception cref="InvalidOperationException">One of them has a fault.</exception>
    public static IReadOnlyList<SigmaPipeline> Read()
    {
        var assembly = typeof(BuiltInPipelines).Assembly;
        var pipelines = new List<SigmaPipeline>();
        foreach (var name in assembly.GetManifestResourceNames().Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var faults = new FaultList(name);
            pipelines.AddRange(PipelineReader.Read(text.ReadToEnd(), faults));
            if (faults.Faults.Count > 0) throw new InvalidOperationException(faults.Faults[0].ToString());
        }
        return [.. pipelines.OrderBy(static p => p.Priority)];
    }
}
