using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules;

/// <summary>Values of a detection item, as a rule's writer would write them.</summary>
internal static class SigmaText
{
    private const int MaxText = 200;

    /// <summary>"one of '*\whoami.exe', '*\net.exe'".</summary>
    public static string Of(FieldItem item, int most)
    {
        var text = new StringBuilder();
        if (item.Negated) text.Append("not ");
        if (item.Values.Length > 1) text.Append(item.All ? "all of " : "one of ");
        text.AppendJoin(", ", item.Values.Take(most).Select(Of));
        if (item.Values.Length > most) text.Append(CultureInfo.InvariantCulture, $" and {item.Values.Length - most} more");
        if (item.Cased) text.Append(" (case counts)");
        return text.ToString();
    }

    public static string Of(SigmaValue value) => value switch
    {
        PatternValue text => Quote(text.Pattern.ToString()),
        BytesValue bytes => "bytes " + Cut(Convert.ToHexStringLower(bytes.Bytes)),
        NumberValue number => number.Text,
        BooleanValue flag => flag.Value ? "true" : "false",
        NullValue => "null",
        RegexValue regex => "/" + Cut(regex.Pattern) + "/" + Flags(regex.Options),
        CidrValue cidr => cidr.Network.ToString(),
        CompareValue compare => Sign(compare.Operator) + " " + compare.Number.ToString(CultureInfo.InvariantCulture),
        ExistsValue exists => exists.Present ? "any value" : "no such field",
        FieldReferenceValue reference => "the value of " + reference.Field,
        TimePartValue part => string.Create(CultureInfo.InvariantCulture, $"{part.Part.ToString().ToLowerInvariant()} {(part.Operator is { } op ? Sign(op) : "=")} {part.Number}"),
        UnresolvedValue placeholder => "%" + Cut(placeholder.Placeholder) + "%",
        _ => "?",
    };

    public static string Sign(Comparison comparison) => comparison switch { Comparison.Less => "<", Comparison.LessOrEqual => "≤", Comparison.Greater => ">", _ => "≥" };

    private static string Quote(string text) => "'" + Cut(text) + "'";

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";

    private static string Flags(RegexOptions options) =>
        (options.HasFlag(RegexOptions.IgnoreCase) ? "i" : "") + (options.HasFlag(RegexOptions.Multiline) ? "m" : "") + (options.HasFlag(RegexOptions.Singleline) ? "s" : "");
}
