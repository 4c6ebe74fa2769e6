using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'match_string': the text, wildcards as '*' and '?', is matched from its start by a regular expression.</summary>
internal sealed class MatchStringTest(bool all, BoundedRegex pattern, bool negate) : ValuesTest(all)
{
    public static MatchStringTest? Read(Arguments arguments)
    {
        var (all, pattern, negate) = (ReadAll(arguments), PipelineRegex.Read(arguments, "pattern"), arguments.Flag("negate"));
        return all is null || pattern is null ? null : new MatchStringTest(all.Value, pattern, negate);
    }

    protected override bool Test(SigmaValue value) => (value is PatternValue text && pattern.MatchesAtStart(ValueText.Plain(text.Pattern))) != negate;
}
