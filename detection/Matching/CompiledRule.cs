using Beacon.Detections.Sigma;

namespace Beacon.Detections.Matching;

/// <summary>A rule of a <see cref="RuleSet"/>.</summary>
public sealed class CompiledRule
{
    internal CompiledRule(SigmaRule rule, string? blind) => (Rule, BlindReason) = (rule, blind);

    public SigmaRule Rule { get; }

    /// <summary>Why no event can match it: nothing feeds its log source or a field, or a placeholder has no values. Null for a rule that sees.</summary>
    public string? BlindReason { get; }

    internal int Ordinal { get; set; } = -1;
    internal RuleNode? Root { get; init; }
}
