using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Beacon.Alerting.Playbooks.Conditions;

/// <summary>
/// A parsed condition: the comparison part of STIX 2.1 patterning (section 9.6) over playbook variables. Values compare as
/// numbers where both are numbers, else as text, with case, ordinally.
/// </summary>
internal abstract record Condition
{
    public abstract bool Holds(Func<string, string?> variable);

    /// <summary>Names of the variables it reads.</summary>
    public abstract IEnumerable<string> Variables { get; }
}

internal sealed record AllOf(Condition Left, Condition Right) : Condition
{
    public override bool Holds(Func<string, string?> variable) => Left.Holds(variable) && Right.Holds(variable);
    public override IEnumerable<string> Variables => Left.Variables.Concat(Right.Variables);
}

internal sealed record AnyOf(Condition Left, Condition Right) : Condition
{
    public override bool Holds(Func<string, string?> variable) => Left.Holds(variable) || Right.Holds(variable);
    public override IEnumerable<string> Variables => Left.Variables.Concat(Right.Variables);
}

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
}

/// <param name="Pattern">Compiled for LIKE and MATCHES; both run in linear time.</param>
internal sealed record Comparison(string Variable, bool Negated, ComparisonOperator Operator, IReadOnlyList<string> Values, Regex? Pattern) : Condition
{
    public override IEnumerable<string> Variables => [Variable];

    public override bool Holds(Func<string, string?> variable) => Compare(variable(Variable) ?? "") != Negated;

    private bool Compare(string value) => Operator switch
    {
        ComparisonOperator.Equal => Order(value, Values[0]) == 0,
        ComparisonOperator.NotEqual => Order(value, Values[0]) != 0,
        ComparisonOperator.Less => Order(value, Values[0]) < 0,
        ComparisonOperator.LessOrEqual => Order(value, Values[0]) <= 0,
        ComparisonOperator.Greater => Order(value, Values[0]) > 0,
        ComparisonOperator.GreaterOrEqual => Order(value, Values[0]) >= 0,
        ComparisonOperator.In => Values.Any(v => Order(value, v) == 0),
        ComparisonOperator.Like or ComparisonOperator.Matches => Pattern!.IsMatch(value),
        _ => IPNetwork.TryParse(Values[0], out var network) && IPAddress.TryParse(value, out var address) && network.Contains(address),
    };

    private static int Order(string a, string b) =>
        decimal.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && decimal.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var y)
            ? x.CompareTo(y) : string.CompareOrdinal(a, b);
}
