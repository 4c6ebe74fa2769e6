using System.Text.RegularExpressions;

namespace Beacon.Alerting.Playbooks.Conditions;

internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Like,
    Matches,
    IsSubset,
    IsSuperset,
    Exists,
}

internal enum LiteralKind
{
    Text,
    Number,
    Flag,
    Time,
}

/// <param name="Text">Without its quotes and escapes; of binary and hexadecimal literals, lower-case hexadecimal digits.</param>
internal sealed record Literal(LiteralKind Kind, string Text);

/// <param name="Pattern">Compiled for LIKE and MATCHES; both run in linear time.</param>
internal sealed record Comparison(string Variable, bool Negated, ComparisonOperator Operator, IReadOnlyList<Literal> Values, Regex? Pattern) : Condition
{
    public override IEnumerable<Comparison> Comparisons => [this];

    public override bool Holds(Func<string, string?> variable, Func<string, string?>? typeOf = null) => Compare(variable(Variable) ?? "", typeOf?.Invoke(Variable)) != Negated;

    private bool Compare(string value, string? type) => Operator switch
    {
        ComparisonOperator.Equal => ValueOrder.Equal(value, Values[0], type),
        ComparisonOperator.NotEqual => !ValueOrder.Equal(value, Values[0], type),
        ComparisonOperator.Less => ValueOrder.Compare(value, Values[0], type) < 0,
        ComparisonOperator.LessOrEqual => ValueOrder.Compare(value, Values[0], type) <= 0,
        ComparisonOperator.Greater => ValueOrder.Compare(value, Values[0], type) > 0,
        ComparisonOperator.GreaterOrEqual => ValueOrder.Compare(value, Values[0], type) >= 0,
        ComparisonOperator.In => Values.Any(v => ValueOrder.Equal(value, v, type)),
        ComparisonOperator.Like or ComparisonOperator.Matches => Pattern!.IsMatch(value),
        ComparisonOperator.IsSubset => AddressRange.Parse(value) is { } inner && AddressRange.Parse(Values[0].Text)!.Value.Contains(inner),
        ComparisonOperator.IsSuperset => AddressRange.Parse(value) is { } outer && outer.Contains(AddressRange.Parse(Values[0].Text)!.Value),
        _ => value.Length > 0,
    };
}
