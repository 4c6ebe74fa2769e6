using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>How a property or a state is compared.</summary>
internal enum Relation
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// <summary>The relations as pipelines name them.</summary>
internal static class RelationName
{
    private static readonly string[] Names = ["eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in"];

    public static Relation? Read(Arguments arguments, bool lists) =>
        arguments.Choice("op", "eq", lists ? Names : Names[..6]) is { } name ? (Relation)Array.IndexOf(Names, name) : null;

    public static bool Holds(Relation relation, int order) => relation switch
    {
        Relation.Equal => order == 0,
        Relation.NotEqual => order != 0,
        Relation.Less => order < 0,
        Relation.LessOrEqual => order <= 0,
        Relation.Greater => order > 0,
        Relation.GreaterOrEqual => order >= 0,
        _ => false,
    };

    /// <summary>Values without an order among them are only equal or not.</summary>
    public static bool Holds(Relation relation, Constant value, Constant other) => relation switch
    {
        Relation.Equal => value.Is(other),
        Relation.NotEqual => !value.Is(other),
        _ => value.CompareTo(other) is { } order && Holds(relation, order),
    };
}
