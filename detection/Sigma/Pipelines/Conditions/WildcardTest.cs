using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'contains_wildcard': the text has a wildcard.</summary>
internal sealed class WildcardTest(bool all) : ValuesTest(all)
{
    public static WildcardTest? Read(Arguments arguments) => ReadAll(arguments) is { } all ? new WildcardTest(all) : null;

    protected override bool Test(SigmaValue value) => value is PatternValue { Pattern.HasWildcards: true };
}
