using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;

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

/// <summary>'map_string': a whole text becomes another, or several.</summary>
internal sealed class MapString(Dictionary<string, SigmaValue[]> mapping) : ValueTransformation
{
    public static MapString? Read(Arguments arguments)
    {
        if (arguments.Map("mapping", required: true) is not { } map) return null;
        var mapping = new Dictionary<string, SigmaValue[]>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
            if (arguments.TextsOf(value, $"'{YamlReader.Shorten(key.Text)}' of {arguments.What}") is { } texts)
                mapping[key.Text] = [.. texts.Select(static t => new PatternValue(SigmaPattern.Parse(t)))];
        return new MapString(mapping);
    }

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft) =>
        value is PatternValue text ? mapping.GetValueOrDefault(ValueText.Plain(text.Pattern)) : null;
}

/// <summary>'set_value': every value becomes one.</summary>
internal sealed class SetValue(SigmaValue wanted) : ValueTransformation
{
    public static SetValue? Read(Arguments arguments)
    {
        var (value, type) = (arguments.Constant("value"), arguments.Choice("force_type", "", "str", "num"));
        if (value is null) return null;
        if (type == "") return new SetValue(value.ToValue());
        if (value.Kind is ScalarKind.Null or ScalarKind.Boolean) arguments.Error("force_type", FaultCodes.Value, "'force_type' is for texts and numbers");
        else if (type == "str") return new SetValue(new PatternValue(SigmaPattern.Parse(value.Text)));
        else if (ConvertType.IsNumber(value.Text)) return new SetValue(new NumberValue(value.Text));
        else arguments.Error("value", FaultCodes.Value, $"'{YamlReader.Shorten(value.Text)}' is no number");
        return null;
    }

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft) => [wanted];
}

/// <summary>'convert_type': numbers and booleans as text, or texts as numbers; a text that is none fails the rule.</summary>
internal sealed class ConvertType(bool toNumber) : ValueTransformation
{
    public static ConvertType? Read(Arguments arguments) => arguments.Choice("target_type", null, "str", "num") is { } type ? new ConvertType(type == "num") : null;

    public static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft)
    {
        switch (value)
        {
            case NumberValue number when !toNumber: return [new PatternValue(SigmaPattern.Literal(number.Text))];
            case BooleanValue flag when !toNumber: return [new PatternValue(SigmaPattern.Literal(flag.Value ? "true" : "false"))];
            case PatternValue text when toNumber:
                var plain = ValueText.Plain(text.Pattern);
                if (IsNumber(plain)) return [new NumberValue(plain)];
                draft.Fail($"the value '{YamlReader.Shorten(plain)}' is no number");
                return null;
            default: return null;
        }
    }
}

/// <summary>'case': texts in another case.</summary>
internal sealed class CaseTransformation(Func<string, string> change) : ValueTransformation
{
    public static CaseTransformation? Read(Arguments arguments) =>
        arguments.Choice("method", "lower", "lower", "upper", "snake_case") is { } method ? new CaseTransformation(LetterCase.Of(method)) : null;

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft) => value is not PatternValue text ? null
        : [new PatternValue(SigmaPattern.Of(text.Pattern.Parts.Select(p => p.Kind == PatternPartKind.Literal ? PatternPart.Literal(change(p.Text)) : p)))];
}

/// <summary>
/// 'regex': texts become regular expressions of the same meaning over the whole value. 'plain' makes case count; the two others ignore
/// it, as texts of rules do anyway.
/// </summary>
internal sealed class RegexTransformation(RegexOptions options) : ValueTransformation
{
    public static RegexTransformation? Read(Arguments arguments) =>
        arguments.Choice("method", "ignore_case_brackets", "plain", "ignore_case_flag", "ignore_case_brackets") is { } method
            ? new RegexTransformation(method == "plain" ? RegexOptions.Singleline : RegexOptions.Singleline | RegexOptions.IgnoreCase) : null;

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft)
    {
        // An empty text stays one, as in pySigma.
        if (value is not PatternValue { Pattern: var pattern } || pattern.Parts.IsEmpty) return null;
        var text = @"\A" + string.Concat(pattern.Parts.Select(static p => p.Kind switch
        {
            PatternPartKind.Any => ".*",
            PatternPartKind.One => ".",
            _ => Regex.Escape(p.Text),
        })) + @"\z";
        if (Matching.RegexCompiler.Check(text, options) is not { } problem) return [new RegexValue(text, options)];
        draft.Fail(problem);
        return null;
    }
}

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
