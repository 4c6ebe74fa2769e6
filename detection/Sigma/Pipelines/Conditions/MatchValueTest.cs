using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'match_value': the value is the one given, of the same type.</summary>
internal sealed class MatchValueTest(bool all, Constant wanted) : ValuesTest(all)
{
    public static MatchValueTest? Read(Arguments arguments)
    {
        var (all, value) = (ReadAll(arguments), arguments.Constant("value"));
        return all is null || value is null ? null : new MatchValueTest(all.Value, value);
    }

    protected override bool Test(SigmaValue value) => ValueText.Is(value, wanted);
}
