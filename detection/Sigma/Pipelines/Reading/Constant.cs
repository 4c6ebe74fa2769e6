using System.Globalization;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>A value that a pipeline writes down: text, number, boolean or null.</summary>
internal sealed record Constant(ScalarKind Kind, string Text)
{
    public static Constant Of(YamlScalar scalar) => new(scalar.Type, scalar.IsNull ? "" : scalar.Text);

    public static Constant Of(string text) => new(ScalarKind.Text, text);

    /// <summary>As a value of a rule.</summary>
    public SigmaValue ToValue() => Kind switch
    {
        ScalarKind.Null => new NullValue(),
        ScalarKind.Number => new NumberValue(Text.TrimStart('+')),
        ScalarKind.Boolean => new BooleanValue(Text[0] is 't' or 'T'),
        _ => new PatternValue(SigmaPattern.Parse(Text)),
    };

    public bool Is(Constant other) => Kind == other.Kind && (Number(this) is { } a && Number(other) is { } b ? a.Equals(b)
        : Text.Equals(other.Text, Kind == ScalarKind.Boolean ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    /// <summary>Numbers by size, texts by code unit; null where the two have no order.</summary>
    public int? CompareTo(Constant other)
    {
        if (Number(this) is { } a && Number(other) is { } b) return a.CompareTo(b);
        return Kind == ScalarKind.Text && other.Kind == ScalarKind.Text ? string.CompareOrdinal(Text, other.Text) : null;
    }

    private static double? Number(Constant constant) =>
        constant.Kind == ScalarKind.Number && double.TryParse(constant.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
