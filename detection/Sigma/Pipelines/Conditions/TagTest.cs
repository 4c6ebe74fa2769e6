using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'tag': the rule has the tag.</summary>
internal sealed class TagTest(string tag) : IRuleTest
{
    public static TagTest? Read(Arguments arguments)
    {
        if (arguments.Text("tag", required: true) is not { } tag) return null;
        if (tag.Contains('.', StringComparison.Ordinal)) return new TagTest(tag);
        arguments.Error("tag", FaultCodes.Value, "a tag is written with its namespace", "attack.t1059, for example");
        return null;
    }

    public bool Test(RuleDraft rule) => rule.Rule.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
}
