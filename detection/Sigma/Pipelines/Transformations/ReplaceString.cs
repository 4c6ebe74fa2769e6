using System.Collections.Immutable;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>
/// 'replace_string': what a regular expression finds in a text or number is replaced. By default it sees the whole text, wildcards as
/// '*' and '?'; with 'skip_special' the texts between wildcards, whose result has wildcards only with 'interpret_special'.
/// </summary>
internal sealed class ReplaceString(BoundedRegex regex, string replacement, bool skipSpecial, bool interpretSpecial) : ValueTransformation
{
    public static ReplaceString? Read(Arguments arguments)
    {
        var (regex, replacement) = (PipelineRegex.Read(arguments, "regex"), arguments.Text("replacement") ?? (arguments.Has("replacement") ? "" : null));
        var (skip, interpret) = (arguments.Flag("skip_special"), arguments.Flag("interpret_special"));
        if (replacement is null) arguments.Missing("replacement");
        if (interpret && !skip) arguments.Error("interpret_special", FaultCodes.Value, "'interpret_special' belongs to 'skip_special'");
        return regex is null || replacement is null ? null : new ReplaceString(regex, PipelineRegex.Replacement(replacement), skip, interpret);
    }

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft)
    {
        var pattern = value switch { PatternValue text => text.Pattern, NumberValue number => SigmaPattern.Literal(number.Text), _ => null };
        if (pattern is null) return null;
        if (!skipSpecial) return [new PatternValue(ValueText.Parse(regex.Replace(ValueText.Escaped(pattern), replacement)))];
        return [new PatternValue(SigmaPattern.Of(pattern.Parts.SelectMany(p => p.Kind != PatternPartKind.Literal ? [p] : Parts(regex.Replace(p.Text, replacement)))))];
    }

    private ImmutableArray<PatternPart> Parts(string text) => interpretSpecial ? SigmaPattern.Parse(text).Parts : [PatternPart.Literal(text)];
}
