using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

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
