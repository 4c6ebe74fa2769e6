using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'wildcard_placeholders' and 'value_placeholders': %name% of 'expand' becomes '*', or the values of a variable of that name.</summary>
internal sealed class PlaceholderTransformation(bool wildcards, IReadOnlyList<string>? include, IReadOnlyList<string>? exclude) : ValueTransformation
{
    private static readonly SigmaPattern[] Anything = [SigmaPattern.Empty.AnyBefore()];

    public static PlaceholderTransformation? Read(Arguments arguments, bool wildcards)
    {
        var (include, exclude) = (arguments.Texts("include"), arguments.Texts("exclude"));
        if (include is null || exclude is null) return new PlaceholderTransformation(wildcards, include, exclude);
        arguments.Error("exclude", FaultCodes.Value, "'include' and 'exclude' exclude each other");
        return null;
    }

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft)
    {
        if (value is not UnresolvedValue unresolved) return null;
        var values = Placeholders.Expand(unresolved.Template, name => !Takes(name) ? null
            : wildcards ? Anything
            : draft.State.Variables.TryGetValue(name, out var given) ? given.Select(SigmaPattern.Parse) : null);
        if (values is null) draft.Fail($"the placeholders make more than {Modifiers.ModifierChain.MaxValues} values");
        return values;
    }

    private bool Takes(string name) => include?.Contains(name) ?? exclude?.Contains(name) != true;
}
