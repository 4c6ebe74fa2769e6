using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.LogSources;

namespace Beacon.Detections.Matching;

/// <summary>
/// Decides which groups of rules an event concerns: a tree of look-ups, one level for each value that a log source asks of a field,
/// then what else it asks.
/// </summary>
internal sealed class SourceGate
{
    private readonly Alternative[] _here;
    private readonly (int Field, ByteMap<SourceGate> ByValue)[] _routes;

    private sealed record Alternative(int Group, RuleNode[] Tests);

    private sealed record Pending(int Group, IReadOnlyList<SourceTest> Tests);

    public SourceGate(IReadOnlyList<LogSourceBinding> groups, FieldSlots slots) : this([.. groups.SelectMany(static (b, g) => b.Alternatives.Select(tests => new Pending(g, tests)))], slots) { }

    private SourceGate(List<Pending> alternatives, FieldSlots slots)
    {
        var here = new List<Alternative>();
        var routes = new Dictionary<int, Dictionary<byte[], List<Pending>>>();
        foreach (var alternative in alternatives)
        {
            if (alternative.Tests.FirstOrDefault(static t => t.Kind == SourceTestKind.Equal) is not { } key)
            {
                here.Add(new Alternative(alternative.Group, [.. alternative.Tests.Select(t => Compile(t, slots))]));
                continue;
            }
            var rest = alternative with { Tests = [.. alternative.Tests.Where(t => !ReferenceEquals(t, key))] };
            var field = slots.Of(key.Field);
            if (!routes.TryGetValue(field, out var byValue)) routes[field] = byValue = new(ByteComparer.Instance);
            foreach (var value in key.Values.Select(TextFold.Fold).Distinct(ByteComparer.Instance))
            {
                if (!byValue.TryGetValue(value, out var list)) byValue[value] = list = [];
                list.Add(rest);
            }
        }
        _here = [.. here];
        _routes = [.. routes.Select(r => (r.Key, new ByteMap<SourceGate>(r.Value.ToDictionary(static v => v.Key, v => new SourceGate(v.Value, slots)))))];
    }

    public void Find(EventView view, Candidates groups)
    {
        foreach (var alternative in _here)
        {
            var holds = true;
            foreach (var test in alternative.Tests)
            {
                holds = test.Test(view);
                if (!holds) break;
            }
            if (holds) groups.Add(alternative.Group);
        }
        foreach (var (field, byValue) in _routes)
        {
            for (var link = view.First(field); link >= 0; link = view.Next(link)) byValue.Find(view.Folded(view.EntryOf(link)))?.Find(view, groups);
        }
    }

    private static RuleNode Compile(SourceTest test, FieldSlots slots)
    {
        var field = new FieldReader([test.Field], slots);
        return test.Kind switch
        {
            SourceTestKind.Present => new ExistsNode(field, true),
            SourceTestKind.Absent => new ExistsNode(field, false),
            _ => new FieldNode(field, [.. test.Values.Select(v => TextTest.Of(Pattern(test.Kind, v), cased: false))], all: false, orNull: false),
        };
    }

    private static SigmaPattern Pattern(SourceTestKind kind, string value) => kind == SourceTestKind.EndsWith ? SigmaPattern.Literal(value).AnyBefore() : SigmaPattern.Literal(value);
}
