using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'change_logsource': the rule counts as one of another log source; what is not named is empty.</summary>
internal sealed class ChangeLogSource(SigmaLogSource source) : ITransformation
{
    public static ChangeLogSource? Read(Arguments arguments)
    {
        var source = new SigmaLogSource(Word(arguments, "product"), Word(arguments, "category"), Word(arguments, "service"));
        if (source != new SigmaLogSource("", "", "")) return new ChangeLogSource(source);
        arguments.Error("type", FaultCodes.Missing, "'change_logsource' needs a category, a product or a service");
        return null;
    }

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.State.LogSource = source;

    private static string Word(Arguments arguments, string key)
    {
        var text = arguments.Text(key)?.Trim().ToLowerInvariant() ?? "";
        if (text.Length > 100) arguments.Error(key, FaultCodes.TooLarge, $"'{key}' is longer than 100 characters");
        return text;
    }
}

/// <summary>'rule_failure': the rule cannot be run, with the message as the reason.</summary>
internal sealed class RuleFailure(string message) : ITransformation
{
    public string Message => message;

    public static RuleFailure? Read(Arguments arguments) => arguments.Text("message", required: true) is { } message ? new RuleFailure(message) : null;

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.Fail(message);
}

/// <summary>'strict_field_mapping_failure': a rule with a field that no table of a pipeline named cannot be run.</summary>
internal sealed class StrictFieldMappingFailure : ITransformation
{
    public static StrictFieldMappingFailure Read(Arguments arguments) => new();

    public void Apply(RuleDraft draft, ProcessingItem item)
    {
        var unmapped = draft.Items.Where(static i => !i.IsMapped).SelectMany(static i => i.Fields).Distinct(StringComparer.Ordinal).ToArray();
        if (unmapped.Length > 0) draft.Fail("no pipeline maps the fields " + string.Join(", ", unmapped.Take(20)));
    }
}

/// <summary>'set_state': leaves a value for 'processing_state'.</summary>
internal sealed class SetState(string key, Constant value) : ITransformation
{
    public static SetState? Read(Arguments arguments)
    {
        var (key, value) = (arguments.Text("key", required: true), arguments.Constant("val"));
        return key is null || value is null ? null : new SetState(key, value);
    }

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.State.Values[key] = value;
}

/// <summary>'set_custom_attribute': leaves a value for 'rule_attribute'.</summary>
internal sealed class SetCustomAttribute(string attribute, Constant value) : ITransformation
{
    public string Attribute => attribute;

    public static SetCustomAttribute? Read(Arguments arguments)
    {
        var (attribute, value) = (arguments.Text("attribute", required: true), arguments.Constant("value"));
        return attribute is null || value is null ? null : new SetCustomAttribute(attribute, value);
    }

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.Attributes[attribute] = value;
}

/// <summary>A transformation of the list of fields that a query returns. Detections keep the whole event, so there is nothing to do; the reader says so.</summary>
internal sealed class OutputFields : ITransformation
{
    public static OutputFields? Read(Arguments arguments, string key)
    {
        if (arguments.Texts(key, required: true) is null) return null;
        arguments.Faults.Warn(arguments.Mark, FaultCodes.Unsupported, $"{arguments.What} has no effect: a detection keeps every field of its event", "leave it out");
        return new OutputFields();
    }

    public void Apply(RuleDraft draft, ProcessingItem item) { }
}

/// <summary>'nest': transformations under the conditions of this one.</summary>
internal sealed class Nest(IReadOnlyList<ProcessingItem> items) : ITransformation
{
    public IReadOnlyList<ProcessingItem> Items => items;

    public void Apply(RuleDraft draft, ProcessingItem item)
    {
        foreach (var inner in items) inner.Run(draft);
    }
}
