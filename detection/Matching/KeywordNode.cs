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

    public override Cover? Cover { get; } = all
        ? Matching.Cover.Best(tests.Select(static t => Matching.Cover.Of(null, t)))
        : Matching.Cover.Union(tests.Select(static t => Matching.Cover.Of(null, t)));

    private static int Find(EventView view, ValueTest test)
    {
        var e = view.Event;
        for (var i = 0; i < e.Count; i++)
            if (e.KindAt(i) != ValueKind.Null && test.Test(view, i)) return i;
        return -1;
    }
}
