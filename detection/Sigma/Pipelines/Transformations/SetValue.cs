using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'set_value': every value becomes one.</summary>
internal sealed class SetValue(SigmaValue wanted) : ValueTransformation
{
    public static SetValue? Read(Arguments arguments)
    {
        var (value, type) = (arguments.Constant("value"), arguments.Choice("force_type", "", "str", "num"));
        if (value is null) return null;
        if (type == "") return new SetValue(value.ToValue());
        if (value.Kind is ScalarKind.Null or ScalarKind.Boolean) arguments.Error("force_type", FaultCodes.Value, "'force_type' is for texts and numbers");
        else if (type == "str") return new SetValue(new PatternValue(SigmaPattern.Parse(value.Text)));
        else if (ConvertType.IsNumber(value.Text)) return new SetValue(new NumberValue(value.Text));
        else arguments.Error("value", FaultCodes.Value, $"'{YamlReader.Shorten(value.Text)}' is no number");
        return null;
    }

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft) => [wanted];
}
