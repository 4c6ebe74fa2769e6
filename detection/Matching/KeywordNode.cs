using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>Words searched for in every value of an event; "all" asks each of them somewhere.</summary>
internal sealed class KeywordNode(ValueTest[] tests, bool all) : RuleNode
{
    public override bool Test(EventView view)
    {
        foreach (var test in tests)
        {
            var found = Find(view, test) >= 0;
            if (found != all) return found;
        }
        return all;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var test in tests)
        {
            var entry = Find(view, test);
            if (entry < 0) continue;
            Evidence.Add(found, view, selection, entry, test);
            if (!all) return;
        }
    }

    public override IReadOnlyList<Cover> Covers { get; } = all ? Cover.OfAll(Each(tests)) : Cover.OfAny(Each(tests));

    public override int Effort { get; } = 40 * tests.Sum(static t => t.Effort);

    private static IReadOnlyList<Cover>[] Each(ValueTest[] tests) => [.. tests.Select(static t => Cover.Of(null, t) is { } cover ? (IReadOnlyList<Cover>)[cover] : [])];

    private static int Find(EventView view, ValueTest test)
    {
        for (var i = 0; i < view.Event.Count; i++)
            if (!view.IsNull(i) && test.Test(view, i)) return i;
        return -1;
    }
}
