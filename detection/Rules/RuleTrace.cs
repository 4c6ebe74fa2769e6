using System.Globalization;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>One test of a selection against an event.</summary>
/// <param name="Field">As the rule names it; empty for keywords.</param>
/// <param name="EventField">The event's fields that it means ("process.executable").</param>
/// <param name="Wanted">What was looked for, as Sigma writes it.</param>
/// <param name="Values">What the event has there; empty where it has nothing.</param>
public sealed record TracedField(string Field, string EventField, string Wanted, IReadOnlyList<string> Values, bool Held);

/// <summary>A selection of a rule against an event.</summary>
public sealed record TracedSelection(string Name, bool Held, IReadOnlyList<TracedField> Fields);

/// <summary>Why a rule matches an event, or does not: part by part, each evaluated by the engine itself as a rule of its own.</summary>
/// <param name="LogSourceFits">The event belongs to the rule's log source; without that nothing of it is looked at.</param>
public sealed record RuleTrace(bool LogSourceFits, IReadOnlyList<TracedSelection> Selections)
{
    /// <summary>Values of a field, and fields of a selection, that are named.</summary>
    public const int MaxValues = 10, MaxFields = 50;

    private const int MaxText = 200;

    public static RuleTrace Of(SigmaRule rule, SecurityEvent e, SigmaPipelines? pipelines = null)
    {
        var trace = new Tracer(rule, e, pipelines ?? SigmaPipelines.BuiltIn);
        var selections = Used(rule.Condition).DistinctBy(static s => s.Name).ToArray();
        return new RuleTrace(
            selections.Length == 0 || trace.Holds(new OrCondition([new SelectionCondition(selections[0]), new NotCondition(new SelectionCondition(selections[0]))])),
            [.. selections.Select(s => new TracedSelection(s.Name, trace.Holds(new SelectionCondition(s)), [.. Fields(s.Item).Take(MaxFields).Select(trace.Field)]))]);
    }

    private static IEnumerable<SigmaSelection> Used(SigmaCondition condition) => condition switch
    {
        SelectionCondition selection => [selection.Selection],
        NotCondition not => Used(not.Part),
        AndCondition and => and.Parts.SelectMany(Used),
        OrCondition or => or.Parts.SelectMany(Used),
        _ => [],
    };

    private static IEnumerable<FieldItem> Fields(SigmaItem item) => item switch
    {
        AllItems all => all.Parts.SelectMany(Fields),
        AnyItem any => any.Parts.SelectMany(Fields),
        FieldItem field => [field],
        _ => [],
    };

    private sealed class Tracer(SigmaRule rule, SecurityEvent e, SigmaPipelines pipelines)
    {
        private readonly List<CompiledRule> _matches = [];

        public bool Holds(SigmaCondition condition)
        {
            _matches.Clear();
            RuleSet.Compile([rule with { Condition = condition }], pipelines).Match(e, _matches);
            return _matches.Count > 0;
        }

        public TracedField Field(FieldItem item)
        {
            var part = rule with { Condition = new SelectionCondition(new SigmaSelection("part", item)) };
            var held = Holds(part.Condition);
            var names = item.Field is null ? [] : pipelines.Bind(part).Binding.Fields(item.Field);
            return new TracedField(item.Field ?? "", string.Join(", ", names), SigmaText.Of(item, MaxValues), [.. names.SelectMany(Values).Distinct(StringComparer.Ordinal).Take(MaxValues)], held);
        }

        private IEnumerable<string> Values(string name)
        {
            if (name == FieldReader.TimestampName)
            {
                yield return e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                yield break;
            }
            for (var i = e.IndexOf(name); i >= 0; i = i + 1 < e.Count ? e.IndexOf(name, i + 1) : -1)
            {
                var text = e.KindAt(i) == ValueKind.Null ? "null" : e.TextAt(i);
                yield return text.Length <= MaxText ? text : text[..MaxText] + "…";
            }
        }
    }
}
