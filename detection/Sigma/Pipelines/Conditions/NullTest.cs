using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'is_null': the item asks for no value.</summary>
internal sealed class NullTest(bool all) : ValuesTest(all)
{
    public static NullTest? Read(Arguments arguments) => ReadAll(arguments) is { } all ? new NullTest(all) : null;

    protected override bool Test(SigmaValue value) => value is NullValue;
}
