using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma;

/// <summary>One value of a detection item, after its modifiers.</summary>
internal abstract record SigmaValue;

/// <summary>Text with wildcards; numbers and booleans of a rule are their text, since logs write them as either.</summary>
internal sealed record PatternValue(SigmaPattern Pattern) : SigmaValue;

/// <summary>Text turned into bytes by an encoding modifier.</summary>
internal sealed record BytesValue(byte[] Bytes) : SigmaValue;

/// <summary>A plain number, before a modifier made a comparison of it, or as a value of its own.</summary>
internal sealed record NumberValue(string Text) : SigmaValue;

internal sealed record BooleanValue(bool Value) : SigmaValue;

/// <summary>The field is absent or has no value.</summary>
internal sealed record NullValue : SigmaValue;

internal sealed record RegexValue(string Pattern, RegexOptions Options) : SigmaValue;

internal sealed record CidrValue(System.Net.IPNetwork Network) : SigmaValue;

internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed record CompareValue(Comparison Operator, double Number) : SigmaValue;

internal sealed record ExistsValue(bool Present) : SigmaValue;

internal enum TextPosition
{
    Whole,
    Start,
    End,
    Anywhere,
}

/// <summary>The value is compared with another field's.</summary>
internal sealed record FieldReferenceValue(string Field, TextPosition Position) : SigmaValue;

internal enum TimePart
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

internal sealed record TimePartValue(TimePart Part, Comparison? Operator, int Number) : SigmaValue;

/// <summary>A placeholder that the reader has no values for: the rule is blind, unless a pipeline gives them.</summary>
/// <param name="Placeholder">The first of those in the text.</param>
/// <param name="Template">The whole value, placeholders as %name% in its literals.</param>
internal sealed record UnresolvedValue(string Placeholder, SigmaPattern Template) : SigmaValue;

/// <summary>Text before the first modifier, as it was written; 're' takes it so, every other modifier as a pattern.</summary>
internal sealed record RawText(string Text) : SigmaValue;
