using System.Collections.Immutable;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>A processing pipeline as it was read.</summary>
/// <param name="Priority">Lower ones run first.</param>
/// <param name="Variables">Values of placeholders, by name.</param>
internal sealed record SigmaPipeline(string Name, int Priority, string File, IReadOnlyDictionary<string, IReadOnlyList<string>> Variables, ImmutableArray<ProcessingItem> Items);
