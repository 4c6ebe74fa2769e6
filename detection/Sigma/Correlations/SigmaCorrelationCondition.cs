using System.Collections.Immutable;
using System.Globalization;

namespace Beacon.Detections.Sigma.Correlations;

public enum SigmaBoundOperator
{
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
}

/// <summary>One bound of a condition: "gte: 10".</summary>
public readonly record struct SigmaBound(SigmaBoundOperator Operator, double Value)
{
    public bool Holds(double number) => Operator switch
    {
        SigmaBoundOperator.Greater => number > Value,
        SigmaBoundOperator.GreaterOrEqual => number >= Value,
        SigmaBoundOperator.Less => number < Value,
        SigmaBoundOperator.LessOrEqual => number <= Value,
        SigmaBoundOperator.Equal => number.Equals(Value),
        _ => !number.Equals(Value),
    };

    /// <summary>"&gt;= 10".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sign} {Value}");

    private string Sign => Operator switch
    {
        SigmaBoundOperator.Greater => ">",
        SigmaBoundOperator.GreaterOrEqual => ">=",
        SigmaBoundOperator.Less => "<",
        SigmaBoundOperator.LessOrEqual => "<=",
        SigmaBoundOperator.Equal => "=",
        _ => "!=",
    };
}

/// <summary>When a correlation matches: all of its bounds hold, or its expression over rules does.</summary>
/// <param name="Bounds">At least one, unless there is an expression.</param>
/// <param name="Fields">The field whose values count, or several whose combination does; empty for event_count and the temporal types.</param>
/// <param name="Percentile">0 to 100; used by value_percentile only.</param>
/// <param name="Text">The expression as it was written ("a and not b"), or empty.</param>
public sealed record SigmaCorrelationCondition(ImmutableArray<SigmaBound> Bounds, ImmutableArray<string> Fields, double Percentile, string Text)
{
    /// <summary>The parsed expression; its numbers are places in <see cref="SigmaCorrelation.Rules"/>.</summary>
    internal CorrelationExpression? Expression { get; init; }

    /// <summary>It speaks of what must not be, or not exceed, so that only the end of the timespan can decide it.</summary>
    internal bool NeedsEnd => Expression is { } expression
        ? expression.HasNegation
        : Bounds.Any(static b => b.Operator is not (SigmaBoundOperator.Greater or SigmaBoundOperator.GreaterOrEqual));

    internal bool Holds(double number)
    {
        foreach (var bound in Bounds)
            if (!bound.Holds(number)) return false;
        return true;
    }

    public override string ToString() => Text.Length > 0 ? Text : string.Join(" and ", Bounds);
}
