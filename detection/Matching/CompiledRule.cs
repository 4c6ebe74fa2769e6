using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>A rule of a <see cref="RuleSet"/>.</summary>
public sealed class CompiledRule
{
    internal CompiledRule(SigmaRule rule, Phrase? blind) => (Rule, BlindReason) = (rule, blind);

    public SigmaRule Rule { get; }

    /// <summary>Why no event can match it: nothing feeds its log source or a field, or a placeholder has no values. Null for a rule that sees.</summary>
    public Phrase? BlindReason { get; }

    /// <summary>Evaluations that may take too long before the rule is suspended: each costs as much as thousands of events.</summary>
    public const int MaxTimeouts = 20;

    private int _timeouts;

    /// <summary>It took too long too often, and is not evaluated until the rules are loaded again.</summary>
    public bool IsSuspended => Volatile.Read(ref _timeouts) >= MaxTimeouts;

    internal void CountTimeout() => Interlocked.Increment(ref _timeouts);

    internal int Ordinal { get; set; } = -1;
    internal RuleNode? Root { get; init; }
    /// <summary>What the rule's fields mean for events; null for a blind rule.</summary>
    internal Func<string, IReadOnlyList<string>>? Fields { get; init; }
}
