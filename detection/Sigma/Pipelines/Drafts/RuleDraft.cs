using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Modifiers;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Pipelines.Transformations;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Drafts;

/// <summary>A rule on its way through the pipelines.</summary>
internal sealed class RuleDraft
{
    private readonly Dictionary<SigmaSelection, DraftSelection> _selections = new(ReferenceEqualityComparer.Instance);

    public RuleDraft(SigmaRule rule, IReadOnlyDictionary<string, IReadOnlyList<string>> variables)
    {
        Rule = rule;
        State = new PipelineState(rule.LogSource, variables);
        Collect(rule.Condition);
    }

    /// <summary>As it was written.</summary>
    public SigmaRule Rule { get; }
    public PipelineState State { get; }
    public List<AddedCondition> Added { get; } = [];
    public Dictionary<string, Constant> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the transformations that ran.</summary>
    public HashSet<string> Applied { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the pipelines that had a transformation for it, in order.</summary>
    public List<string> Pipelines { get; } = [];

    /// <summary>Transformations of names that ran, for fields that stand outside of the detection.</summary>
    public List<(ProcessingItem Item, FieldTransformation Names)> NameSteps { get; } = [];

    /// <summary>Why the rule cannot be run, or null.</summary>
    public Phrase? Failure { get; private set; }

    public IEnumerable<DraftSelection> Selections => _selections.Values.Concat(Added.Select(static a => a.Selection));

    public IEnumerable<DraftItem> Items => Selections.SelectMany(static s => s.Root is null ? [] : Under(s.Root));

    public void Fail(Phrase reason) => Failure ??= reason;

    /// <summary>Replaces every item; null drops it.</summary>
    public void Change(Func<DraftItem, DraftNode?> change)
    {
        try
        {
            foreach (var selection in Selections)
                if (selection.Root is not null && Failure is null) selection.Root = Change(selection.Root, change);
            if (Items.Sum(static i => i.Values.Count) > PipelineLimits.Values) Fail($"pipelines make more than {PipelineLimits.Values} values of it");
        }
        catch (RegexMatchTimeoutException)
        {
            Fail("a regular expression of a pipeline took too long on one of the rule's values");
        }
    }

    /// <summary>The condition as it is now, or null where nothing is left of it; names are those that <paramref name="nameOf"/> gives.</summary>
    public SigmaCondition? ToCondition(Func<DraftItem, SigmaItem> nameOf, Func<AddedCondition, bool> isLeftOut)
    {
        var done = new Dictionary<DraftSelection, SigmaSelection?>(ReferenceEqualityComparer.Instance);
        SigmaSelection? Done(DraftSelection draft)
        {
            if (done.TryGetValue(draft, out var selection)) return selection;
            return done[draft] = draft.Root is null ? null : new SigmaSelection(draft.Name, ToItem(draft.Root, nameOf));
        }
        var condition = Rebuild(Rule.Condition, s => Done(_selections[s]) is { } selection ? new SelectionCondition(selection) : null);
        var parts = new List<SigmaCondition>();
        foreach (var added in Added)
        {
            if (isLeftOut(added) || Done(added.Selection) is not { } selection) continue;
            var part = new SelectionCondition(selection);
            parts.Add(added.Negated ? new NotCondition(part) : part);
        }
        // A condition of the pipeline's own must not stand in for the rule's.
        if (condition is null) return null;
        return parts.Count == 0 ? condition : new AndCondition([.. parts, condition]);
    }

    private void Collect(SigmaCondition condition)
    {
        switch (condition)
        {
            case SelectionCondition selection: _selections.TryAdd(selection.Selection, new DraftSelection(selection.Selection.Name, DraftItem.Of(selection.Selection.Item))); break;
            case NotCondition not: Collect(not.Part); break;
            case AndCondition and: foreach (var part in and.Parts) Collect(part); break;
            case OrCondition or: foreach (var part in or.Parts) Collect(part); break;
        }
    }

    private DraftNode? Change(DraftNode node, Func<DraftItem, DraftNode?> change)
    {
        if (node is DraftItem item)
        {
            var changed = change(item);
            if (changed is DraftItem { Values.Count: > ModifierChain.MaxValues }) Fail($"a pipeline makes more than {ModifierChain.MaxValues} values of one item");
            return changed;
        }
        var group = (DraftGroup)node;
        var parts = group.Parts.Select(p => Change(p, change)).OfType<DraftNode>().ToArray();
        group.Parts.Clear();
        group.Parts.AddRange(parts);
        return parts.Length == 0 ? null : group;
    }

    private static SigmaCondition? Rebuild(SigmaCondition condition, Func<SigmaSelection, SigmaCondition?> selection)
    {
        switch (condition)
        {
            case SelectionCondition leaf: return selection(leaf.Selection);
            case NotCondition not: return Rebuild(not.Part, selection) is { } part ? new NotCondition(part) : null;
            case AndCondition and: return Join(and.Parts, static parts => new AndCondition(parts));
            case OrCondition or: return Join(or.Parts, static parts => new OrCondition(parts));
            default: throw new InvalidOperationException($"no such condition: {condition.GetType().Name}");
        }

        SigmaCondition? Join(ImmutableArray<SigmaCondition> parts, Func<ImmutableArray<SigmaCondition>, SigmaCondition> join)
        {
            ImmutableArray<SigmaCondition> left = [.. parts.Select(p => Rebuild(p, selection)).OfType<SigmaCondition>()];
            return left.Length switch { 0 => null, 1 => left[0], _ => join(left) };
        }
    }

    public static SigmaItem ToItem(DraftNode node, Func<DraftItem, SigmaItem> nameOf)
    {
        if (node is DraftItem item) return nameOf(item);
        var group = (DraftGroup)node;
        ImmutableArray<SigmaItem> parts = [.. group.Parts.Select(p => ToItem(p, nameOf))];
        return parts.Length == 1 ? parts[0] : group.All ? new AllItems(parts) : new AnyItem(parts);
    }

    private static IEnumerable<DraftItem> Under(DraftNode node) => node is DraftItem item ? [item] : ((DraftGroup)node).Parts.SelectMany(Under);
}
