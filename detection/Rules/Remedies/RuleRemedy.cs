using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Remedies;

/// <summary>An edit of a rule's text that mends a fault.</summary>
/// <param name="Word">What is put, renewed or taken away, as a person knows it: "endswith", "id".</param>
/// <param name="Start">Where the edit begins, UTF-16 units.</param>
/// <param name="Length">How much of the text goes.</param>
/// <param name="Insert">What stands there afterwards.</param>
public sealed record RuleRemedy(RemedyKind Kind, string Word, int Start, int Length, string Insert)
{
    public string Apply(string text) => string.Concat(text.AsSpan(0, Start), Insert, text.AsSpan(Start + Length));
}
