using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.LogSources;

namespace Beacon.Detections.Matching;

/// <summary>Decides which groups of rules an event concerns: a look-up on a few fields, then the rest of the log source's tests.</summary>
internal sealed class SourceGate
{
    private readonly (int Field, Dictionary<Key, Alternative[]> ByValue)[] _routes;
    private readonly Alternative[] _others;

    private sealed record Alternative(int Group, RuleNode[] Tests);

    private readonly record struct Key(ulong Low, int Length);

    public SourceGate(IReadOnlyList<LogSourceBinding> groups)
    {
        var routes = new Dictionary<int, Dictionary<Key, List<Alternative>>>();
        var others = new List<Alternative>();
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var tests in groups[g].Alternatives)
            {
                var key = tests.FirstOrDefault(static t => t.Kind == SourceTestKind.Equal);
                var alternative = new Alternative(g, [.. tests.Select(Compile)]);
                if (key is null)
                {
                    others.Add(alternative);
                    continue;
                }
                var field = Events.FieldNames.Intern(key.Field).Value;
                if (!routes.TryGetValue(field, out var byValue)) routes[field] = byValue = [];
                foreach (var value in key.Values.Select(static v => KeyOf(TextFold.Fold(v))).Distinct())
                {
                    if (!byValue.TryGetValue(value, out var list)) byValue[value] = list = [];
                    list.Add(alternative);
                }
            }
        }
        _routes = [.. routes.Select(static r => (r.Key, r.Value.ToDictionary(static v => v.Key, static v => v.Value.ToArray())))];
        _others = [.. others];
    }

    public void Find(EventView view, Candidates groups)
    {
        foreach (var (field, byValue) in _routes)
        {
            for (var link = view.First(field); link >= 0; link = view.Next(link))
            {
                if (byValue.TryGetValue(KeyOf(view.Folded(view.EntryOf(link))), out var alternatives)) Test(alternatives, view, groups);
            }
        }
        Test(_others, view, groups);
    }

    private static void Test(Alternative[] alternatives, EventView view, Candidates groups)
    {
        foreach (var alternative in alternatives)
        {
            var holds = true;
            foreach (var test in alternative.Tests)
            {
                holds = test.Test(view);
                if (!holds) break;
            }
            if (holds) groups.Add(alternative.Group);
        }
    }

    /// <summary>Two values may share a key: the tests that follow look at the whole of it.</summary>
    private static Key KeyOf(ReadOnlySpan<byte> folded) => new(GramIndex.Hash(folded), folded.Length);

    private static RuleNode Compile(SourceTest test)
    {
        var field = new FieldReader([test.Field]);
        return test.Kind switch
        {
            SourceTestKind.Present => new ExistsNode(field, true),
            SourceTestKind.Absent => new ExistsNode(field, false),
            SourceTestKind.EndsWith => new FieldNode(field, [.. test.Values.Select(static v => TextTest.Of(SigmaPattern.Literal(v).AnyBefore(), cased: false))], all: false, orNull: false),
            _ => new FieldNode(field, [.. test.Values.Select(static v => TextTest.Of(SigmaPattern.Literal(v), cased: false))], all: false, orNull: false),
        };
    }
}
