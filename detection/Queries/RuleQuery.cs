using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Queries;

/// <summary>
/// A Sigma rule as a question to an event store: one filter for every store, from the same bound tree that matches in stream. Every
/// event that the rule matches passes the filter. Where some that do not match pass it too, the query is not exact, and what the store
/// finds is matched again.
/// </summary>
public sealed record RuleQuery
{
    private RuleQuery(SigmaRule rule, EventFilter filter, bool isExact, Phrase? blind) => (Rule, Filter, IsExact, BlindReason) = (rule, filter, isExact, blind);

    public SigmaRule Rule { get; }
    public EventFilter Filter { get; }

    /// <summary>An event passes the filter exactly where the rule matches it.</summary>
    public bool IsExact { get; }

    /// <summary>Why no event can match, or null; then the filter passes none.</summary>
    public Phrase? BlindReason { get; }

    /// <summary>A filter for all events of a rule's log source, whatever its condition; it passes none where nothing feeds the source.</summary>
    public static EventFilter SourceOf(SigmaRule rule, SigmaPipelines? pipelines = null) => new RuleQueryCompiler((pipelines ?? SigmaPipelines.BuiltIn).Bind(rule).Binding).Source();

    public static RuleQuery Of(SigmaRule rule, SigmaPipelines? pipelines = null)
    {
        pipelines ??= SigmaPipelines.BuiltIn;
        var bound = pipelines.Bind(rule);
        if (Matching.RuleSet.BlindReasonOf(rule, pipelines) is { } blind) return new RuleQuery(rule, new OrFilter([]), isExact: true, blind);
        var compiler = new RuleQueryCompiler(bound.Binding);
        var (filter, exact) = compiler.Compile(bound.Rule.Condition);
        return new RuleQuery(rule, filter, exact, null);
    }
}
