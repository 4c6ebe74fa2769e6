using Beacon.Detections.Sigma.Pipelines.Drafts;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>A step that renames fields: those of detection items, and those that values refer to.</summary>
internal abstract class FieldTransformation : ITransformation
{
    /// <summary>It names fields one by one; else it changes all names in the same way.</summary>
    public abstract bool IsTable { get; }

    /// <summary>The names that take a name's place; null leaves it. A null name stands for keywords.</summary>
    public abstract IReadOnlyList<string>? Map(string? field, SigmaLogSource source);

    public void Apply(RuleDraft draft, ProcessingItem item)
    {
        draft.NameSteps.Add((item, this));
        draft.Change(detection =>
        {
            if (item.Takes(detection, draft)) Rename(detection, draft, item);
            return detection;
        });
    }

    private void Rename(DraftItem detection, RuleDraft draft, ProcessingItem item)
    {
        var source = draft.State.LogSource;
        var changed = false;
        if (detection.IsKeywords)
        {
            if (item.TakesName(null, detection.Applied, draft.State) && Map(null, source) is { } fields)
            {
                detection.Fields = [.. fields];
                detection.Values = [.. detection.Values.Select(Anywhere)];
                detection.IsMapped = changed = true;
            }
        }
        else
        {
            detection.Fields = [.. detection.Fields.SelectMany(f => MapName(f, detection.Applied)).Distinct()];
            if (changed && IsTable) detection.IsMapped = true;
        }
        if (detection.Values.Exists(static v => v is FieldReferenceValue))
        {
            detection.Values = [.. detection.Values.SelectMany(v => v is FieldReferenceValue reference
                ? MapName(reference.Field, detection.Applied, detection.MappedReferences).Select(n => (SigmaValue)(reference with { Field = n }))
                : [v])];
        }
        if (detection.Fields.Count > Reading.PipelineLimits.FieldNames) draft.Fail($"pipelines give a field of it more than {Reading.PipelineLimits.FieldNames} names");
        if (changed) item.Mark(detection);

        IReadOnlyList<string> MapName(string name, HashSet<string> applied, HashSet<string>? mapped = null)
        {
            if (!item.TakesName(name, applied, draft.State) || Map(name, source) is not { } names) return [name];
            changed = true;
            if (mapped is not null && IsTable) mapped.UnionWith(names);
            return names;
        }
    }

    /// <summary>A keyword stands anywhere in a field's text.</summary>
    private static SigmaValue Anywhere(SigmaValue value) => value switch
    {
        PatternValue text => new PatternValue(text.Pattern.AnyBefore().AnyAfter()),
        NumberValue number => new PatternValue(SigmaPattern.Literal(number.Text).AnyBefore().AnyAfter()),
        BooleanValue flag => new PatternValue(SigmaPattern.Literal(flag.Value ? "true" : "false").AnyBefore().AnyAfter()),
        UnresolvedValue unresolved => unresolved with { Template = unresolved.Template.AnyBefore().AnyAfter() },
        _ => value,
    };
}
