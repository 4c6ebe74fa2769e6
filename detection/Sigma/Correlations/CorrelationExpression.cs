using System.Collections.Immutable;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>A boolean expression over the rules of a temporal correlation; a set of rules is a bit mask.</summary>
internal abstract record CorrelationExpression
{
    public abstract bool Holds(uint present);
    public abstract bool HasNegation { get; }

    /// <summary>Rules that stand outside of every 'not'.</summary>
    public abstract uint Asserted { get; }
}

internal sealed record RuleExpression(int Rule) : CorrelationExpression
{
    public override bool Holds(uint present) => (present & (1u << Rule)) != 0;
    public override bool HasNegation => false;
    public override uint Asserted => 1u << Rule;
}

internal sealed record NotExpression(CorrelationExpression Part) : CorrelationExpression
{
    public override bool Holds(uint present) => !Part.Holds(present);
    public override bool HasNegation => true;
    public override uint Asserted => 0;
}

internal sealed record AllExpression(ImmutableArray<CorrelationExpression> Parts) : CorrelationExpression
{
    public override bool Holds(uint present) => Parts.All(p => p.Holds(present));
    public override bool HasNegation => Parts.Any(static p => p.HasNegation);
    public override uint Asserted => Parts.Aggregate(0u, static (mask, p) => mask | p.Asserted);
}

internal sealed record AnyExpression(ImmutableArray<CorrelationExpression> Parts) : CorrelationExpression
{
    public override bool Holds(uint present) => Parts.Any(p => p.Holds(present));
    public override bool HasNegation => Parts.Any(static p => p.HasNegation);
    public override uint Asserted => Parts.Aggregate(0u, static (mask, p) => mask | p.Asserted);
}
