using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'case': texts in another case.</summary>
internal sealed class CaseTransformation(Func<string, string> change) : ValueTransformation
{
    public static CaseTransformation? Read(Arguments arguments) =>
        arguments.Choice("method", "lower", "lower", "upper", "snake_case") is { } method ? new CaseTransformation(LetterCase.Of(method)) : null;

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft) => value is not PatternValue text ? null
        : [new PatternValue(SigmaPattern.Of(text.Pattern.Parts.Select(p => p.Kind == PatternPartKind.Literal ? PatternPart.Literal(change(p.Text)) : p)))];
}
