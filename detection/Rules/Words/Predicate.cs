namespace Beacon.Detections.Rules.Words;

/// <summary>What a clause says of a field's value.</summary>
internal enum Predicate
{
    Is,
    EndsWith,
    BeginsWith,
    Contains,
    /// <summary>Wildcards within.</summary>
    Like,
    /// <summary>A value of any kind.</summary>
    HasAny,
    Empty,
    Null,
    Regex,
    Network,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Exists,
    SameAs,
    BeginsWithField,
    EndsWithField,
    ContainsField,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Listed,
}
