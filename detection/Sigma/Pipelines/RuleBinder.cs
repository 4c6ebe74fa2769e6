using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.LogSources;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>
/// Makes a rule of a draft again, bound to events. A field may stand for several names, and an item's may differ from the same name
/// elsewhere in the rule, so items name theirs by keys that the rule's binding resolves.
/// </summary>
internal sealed class RuleBinder(RuleDraft draft, BoundSource source)
{
    private readonly Dictionary<string, IReadOnlyList<string>> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private Phrase? _blind = draft.Failure;

    /// <summary>The user's pipelines say what events of the log source are, and the built-in ones do not know it.</summary>
    private bool IsOwnSource => source.Binding.Blind is not null && draft.Added.Exists(static a => a is { ForLogSource: true, Negated: false });

    public BoundRule Bind()
    {
        var gate = Gate(out var inGate);
        var condition = draft.ToCondition(Named, inGate.Contains);
        if (condition is null) _blind ??= "pipelines dropped every condition of it";
        if (source.Binding.Blind is { } reason && !IsOwnSource) _blind ??= reason;
        var rule = condition is null ? draft.Rule : draft.Rule with { Condition = condition, UnresolvedPlaceholders = Unresolved() };
        return new BoundRule(rule, new LogSourceBinding(gate, Fields, _blind), draft.Pipelines);
    }

    private List<string> Unresolved() => [.. draft.Items.SelectMany(static i => i.Values).OfType<UnresolvedValue>().Select(static v => v.Placeholder).Distinct(StringComparer.Ordinal)];

    /// <summary>Tests of the log source with those added conditions that can be tested like them.</summary>
    private ImmutableArray<ImmutableArray<SourceTest>> Gate(out HashSet<AddedCondition> inGate)
    {
        inGate = new HashSet<AddedCondition>(ReferenceEqualityComparer.Instance);
        var gate = source.Binding.Blind is null ? source.Binding.Alternatives : SourceTests.Any;
        foreach (var added in draft.Added)
        {
            if (added.Negated || added.Selection.Root is null) continue;
            if (SourceTests.Of(RuleDraft.ToItem(added.Selection.Root, Named), Fields) is not { } tests || SourceTests.Both(gate, tests) is not { } both) continue;
            gate = both;
            inGate.Add(added);
        }
        return gate;
    }

    private FieldItem Named(DraftItem item)
    {
        var field = item.IsKeywords ? null : Key(item.Fields, item.IsMapped);
        var values = item.Values.Select(v => v is FieldReferenceValue reference ? reference with { Field = Key([reference.Field], item.MappedReferences.Contains(reference.Field)) } : v);
        return new FieldItem(field, [.. values], item.All, item.Cased, item.Negated);
    }

    private string Key(List<string> names, bool isMapped)
    {
        var whole = (isMapped ? "m\0" : "r\0") + string.Join('\0', names);
        if (_keys.TryGetValue(whole, out var key)) return key;
        // A name of its own stays readable; '\0' keeps keys apart from names.
        key = !isMapped && names.Count == 1 && draft.NameSteps.Count == 0 ? names[0] : names[0] + "\0" + _keys.Count;
        _keys[whole] = key;
        IReadOnlyList<string> events = [.. names.SelectMany(n => EventNames(n, isMapped)).Distinct(StringComparer.Ordinal)];
        if (events.Count == 0) _blind ??= $"no event of {draft.State.LogSource} carries the field {names[0]}";
        else if (events.Any(static e => e.Length == 0 || Encoding.UTF8.GetByteCount(e) > FieldNames.MaxNameLength)) _blind ??= $"pipelines give the field {names[0]} a name longer than {FieldNames.MaxNameLength} bytes";
        return Keep(key, events);
    }

    private string Keep(string key, IReadOnlyList<string> events)
    {
        _byKey[key] = events.Count == 0 ? ["sigma.none"] : events;
        return key;
    }

    private IReadOnlyList<string> EventNames(string name, bool isMapped)
    {
        if (isMapped) return source.Fields.OfMapped(name);
        var names = source.Fields.Of(name);
        return names.Count == 0 && IsOwnSource ? [name] : names;
    }

    /// <summary>Names for an item's key, or for a field that stands outside of the detection, as in a correlation.</summary>
    private IReadOnlyList<string> Fields(string name)
    {
        if (_byKey.TryGetValue(name, out var names)) return names;
        List<(string Name, bool IsMapped, HashSet<string> Applied)> found = [(name, false, [])];
        try
        {
            foreach (var (item, step) in draft.NameSteps)
            {
                found = [.. found.SelectMany(f => item.TakesName(f.Name, f.Applied, draft.State) && step.Map(f.Name, draft.State.LogSource) is { } mapped
                    ? mapped.Select(m => (m, f.IsMapped || step.IsTable, new HashSet<string>(f.Applied) { item.Id }))
                    : [f]).Take(PipelineLimits.FieldNames)];
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // A name of a correlation that no step could decide on: no event has it.
            return [];
        }
        return [.. found.SelectMany(f => EventNames(f.Name, f.IsMapped)).Distinct(StringComparer.Ordinal)];
    }
}
