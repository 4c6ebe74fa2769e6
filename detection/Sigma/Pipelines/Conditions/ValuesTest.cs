using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>A condition on the values of an item, of which any or all must pass ('cond').</summary>
internal abstract class ValuesTest(bool all) : IItemTest
{
    public bool Test(DraftItem item, RuleDraft rule) => all ? item.Values.TrueForAll(Test) : item.Values.Exists(Test);

    protected abstract bool Test(SigmaValue value);

    protected static bool? ReadAll(Arguments arguments) => arguments.Choice("cond", null, "any", "all") is { } cond ? cond == "all" : null;
}
