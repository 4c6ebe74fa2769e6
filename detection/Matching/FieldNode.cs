using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>A field's values against tests of which one, or all, must pass on some value.</summary>
internal sealed class FieldNode(FieldReader field, ValueTest[] tests, bool all, bool orNull) : RuleNode
{
    public override bool Test(EventView view)
    {
        if (orNull && !all && field.IsNull(view)) return true;
        if (field.IsTimestamp && TestTime(view)) return true;
        if (all)
        {
            if (orNull && !field.IsNull(view)) return false;
            foreach (var test in tests)
                if (field.Find(view, test) < 0) return false;
            return true;
        }
        foreach (var test in tests)
            if (field.Find(view, test) >= 0) return true;
        return false;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var test in tests)
        {
            var entry = field.Find(view, test);
            if (entry < 0) continue;
            Evidence.Add(found, view, selection, entry, test);
            if (!all) return;
        }
    }

    public override Cover? Cover { get; } =
        field.IsTimestamp || orNull ? null
        : all ? Matching.Cover.Best(tests.Select(t => Matching.Cover.Of(field, t)))
        : Matching.Cover.Union(tests.Select(t => Matching.Cover.Of(field, t)));

    private bool TestTime(EventView view)
    {
        foreach (var test in tests)
        {
            var holds = test.TestTime(view.Time, view.Event.Timestamp.ToUniversalTime());
            if (holds != all) return holds;
        }
        return all;
    }
}

/// <summary>The field is there, or is not.</summary>
internal sealed class ExistsNode(FieldReader field, bool present) : RuleNode
{
    private static readonly ValueTest Anything = TextTest.Of(Sigma.SigmaPattern.Empty.AnyBefore(), cased: false);

    public override bool Test(EventView view) => field.IsPresent(view) == present;

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        if (present && field.Find(view, Anything) is var entry and >= 0) Evidence.Add(found, view, selection, entry, Anything);
    }
}

/// <summary>A test that holds for every event, or for none.</summary>
internal sealed class ConstantNode(bool holds) : RuleNode
{
    public override bool Test(EventView view) => holds;

    public override Cover? Cover { get; } = holds ? null : Matching.Cover.Never;
}
