using System.Globalization;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'convert_type': numbers and booleans as text, or texts as numbers; a text that is none fails the rule.</summary>
internal sealed class ConvertType(bool toNumber) : ValueTransformation
{
    public static ConvertType? Read(Arguments arguments) => arguments.Choice("target_type", null, "str", "num") is { } type ? new ConvertType(type == "num") : null;

    public static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft)
    {
        switch (value)
        {
            case NumberValue number when !toNumber: return [new PatternValue(SigmaPattern.Literal(number.Text))];
            case BooleanValue flag when !toNumber: return [new PatternValue(SigmaPattern.Literal(flag.Value ? "true" : "false"))];
            case PatternValue text when toNumber:
                var plain = ValueText.Plain(text.Pattern);
                if (IsNumber(plain)) return [new NumberValue(plain)];
                draft.Fail($"the value '{YamlReader.Shorten(plain)}' is no number");
                return null;
            default: return null;
        }
    }
}
