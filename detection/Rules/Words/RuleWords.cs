using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Words;

/// <summary>
/// Says in plain words what a rule looks for, made from the condition itself, so that it cannot differ from what is run. Field names
/// and values stay as the rule's writer wrote them: whoever shows the text treats it as theirs.
/// </summary>
public static class RuleWords
{
    /// <summary>Languages that it speaks, English first.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "zh-Hans"];

    /// <summary>Longest text, in UTF-16 units.</summary>
    public const int MaxLength = 4_000;

    /// <summary>Clauses that are said; the rest is mentioned.</summary>
    private const int MaxClauses = 40;

    private static readonly EnglishPhrases English = new();
    private static readonly ChinesePhrases Chinese = new();

    /// <param name="language">One of <see cref="Languages"/>, or any culture's name; English where it is neither.</param>
    public static string Of(SigmaRule rule, string language = "en")
    {
        RulePhrases phrases = language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
        var (wanted, unless) = WordTree.Of(rule.Condition);
        var left = MaxClauses;
        var first = wanted is null ? null : Say(phrases, wanted, nested: false, within: null, ref left);
        var exceptions = new List<string>();
        foreach (var exception in unless)
        {
            if (left <= 0)
            {
                exceptions.Add(phrases.Further);
                break;
            }
            exceptions.Add(Say(phrases, exception, nested: true, within: null, ref left));
        }
        var text = phrases.Sentence(phrases.Subject(rule.LogSource), first, exceptions);
        return text.Length <= MaxLength ? text : text[..MaxLength] + "…";
    }

    /// <param name="nested">It does not make up the sentence by itself.</param>
    /// <param name="within">The junction that it is a part of, where that is nested itself.</param>
    private static string Say(RulePhrases phrases, WordNode node, bool nested, WordNode? within, ref int left)
    {
        if (node is Clause clause)
        {
            left--;
            return phrases.Say(clause);
        }
        var all = node is AllOf;
        var said = new List<string>();
        foreach (var part in all ? ((AllOf)node).Parts : ((OneOf)node).Parts)
        {
            if (left <= 0)
            {
                said.Add(phrases.Further);
                break;
            }
            said.Add(Say(phrases, part, nested: true, nested ? node : null, ref left));
        }
        var joined = phrases.Join(all, said, nested);
        return all && within is OneOf ? phrases.Group(joined) : joined;
    }
}
