using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>A field's values against tests of which one, or all, must pass on some value.</summary>
internal sealed class FieldNode : RuleNode
{
    /// <summary>From so many texts on, an index finds them faster than one comparison each.</summary>
    private const int IndexFrom = 4;

    private readonly FieldReader _field;
    private readonly ValueTest[] _tests;
    private readonly bool _all;
    private readonly bool _orNull;
    private readonly bool _hasIndex;
    private readonly ValueTest[] _others;
    private NeedleIndex? _texts;

    public FieldNode(FieldReader field, ValueTest[] tests, bool all, bool orNull)
    {
        (_field, _tests, _all, _orNull) = (field, tests, all, orNull);
        _hasIndex = !all && tests.Length >= IndexFrom && tests.Count(static t => t.IsNeedle) >= IndexFrom;
        _others = _hasIndex ? [.. tests.Where(static t => !t.IsNeedle)] : tests;
        if (!field.IsTimestamp && !orNull)
        {
            var each = tests.Select(t => Cover.Of(field, t) is { } cover ? (IReadOnlyList<Cover>)[cover] : []).ToArray();
            Covers = all ? Cover.OfAll(each) : Cover.OfAny(each);
        }
        Effort = (_hasIndex ? 3 : 0) + _others.Sum(static t => t.Effort);
    }

    public override IReadOnlyList<Cover> Covers { get; } = [];

    public override int Effort { get; }

    public override bool Test(EventView view)
    {
        if (_orNull && !_all && _field.IsNull(view)) return true;
        if (_field.IsTimestamp && TestTime(view)) return true;
        if (!_all) return TestAny(view);
        if (_orNull && !_field.IsNull(view)) return false;
        foreach (var test in _tests)
            if (_field.Find(view, test) < 0) return false;
        return true;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var test in _tests)
        {
            var entry = _field.Find(view, test);
            if (entry < 0) continue;
            Evidence.Add(found, view, selection, entry, test);
            if (!_all) return;
        }
    }

    /// <summary>Made when it is first asked: few rules of thousands are ever looked at.</summary>
    private NeedleIndex Texts => Volatile.Read(ref _texts) ?? MakeTexts();

    private NeedleIndex MakeTexts()
    {
        var made = new NeedleIndex([.. _tests.Where(static t => t.IsNeedle).Select(static t => t.Needle!).Distinct(NeedleComparer.Instance)]);
        return Interlocked.CompareExchange(ref _texts, made, null) ?? made;
    }

    private bool TestAny(EventView view)
    {
        foreach (var slot in _field.Slots)
        {
            for (var link = view.First(slot); link >= 0; link = view.Next(link))
            {
                var entry = view.EntryOf(link);
                if (view.IsNull(entry)) continue;
                var any = new AnyHit();
                if (_hasIndex && Texts.Find(view.Folded(entry), ref any)) return true;
                foreach (var test in _others)
                    if (test.Test(view, entry)) return true;
            }
        }
        return false;
    }

    private bool TestTime(EventView view)
    {
        foreach (var test in _tests)
        {
            var holds = test.TestTime(view.Time, view.Event.Timestamp.ToUniversalTime());
            if (holds != _all) return holds;
        }
        return _all;
    }

    private struct AnyHit : INeedleHits
    {
        public readonly bool Take(int needle) => true;
    }
}

/// <summary>The field is there, or is not.</summary>
internal sealed class ExistsNode(FieldReader field, bool present) : RuleNode
{
    private static readonly ValueTest Anything = TextTest.Of(Sigma.SigmaPattern.Empty.AnyBefore(), cased: false);

    public override bool Test(EventView view) => field.IsPresent(view) == present;

    public override int Effort => 0;

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        if (present && field.Find(view, Anything) is var entry and >= 0) Evidence.Add(found, view, selection, entry, Anything);
    }
}
