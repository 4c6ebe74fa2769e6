using System.Collections.Concurrent;
using Beacon.Detections.Sigma.LogSources;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>
/// Processing pipelines in the order in which they run, the built-in ones last: they bind Sigma's taxonomy to our events.
/// Immutable, and safe to use from several threads.
/// </summary>
public sealed class SigmaPipelines
{
    /// <summary>The built-in pipelines alone.</summary>
    public static readonly SigmaPipelines BuiltIn = new();

    private readonly ConcurrentDictionary<SigmaLogSource, LogSourceBinding> _bindings = new();

    private SigmaPipelines() { }

    /// <summary>The rule as it is evaluated, with what its log source and fields mean for our events.</summary>
    internal BoundRule Bind(SigmaRule rule) => new(rule, _bindings.GetOrAdd(rule.LogSource, LogSourceMap.Bind));
}

/// <summary>A rule after all pipelines.</summary>
/// <param name="Rule">Its condition may differ from what was written; its identity does not.</param>
internal sealed record BoundRule(SigmaRule Rule, LogSourceBinding Binding);
