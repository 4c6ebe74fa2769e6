using System.Text.RegularExpressions;

namespace Beacon.Detections.Rules.Completion;

/// <summary>What fits where the caret stands in a rule's text.</summary>
public sealed partial class RuleCompletion(RuleVocabulary words)
{
    /// <summary>Words offered at once.</summary>
    public const int MaxOffers = 50;

    private static readonly (string Key, string What)[] Keys =
    [
        ("title", ""), ("id", "UUID"), ("status", ""), ("description", ""), ("references", ""), ("author", ""), ("date", "YYYY-MM-DD"), ("modified", "YYYY-MM-DD"), ("tags", "ATT&CK"), ("logsource", ""), ("detection", ""),
        ("fields", ""), ("falsepositives", ""), ("level", ""), ("name", ""), ("related", ""), ("license", ""), ("correlation", ""), ("filter", ""), ("detector", ""), ("window", "1m"), ("interval", "1m"), ("lateness", "5s"), ("suppression", "1h"), ("settings", ""),
    ];

    private static readonly string[] Correlation = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];
    private static readonly string[] CorrelationTypes = ["event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile"];
    private static readonly string[] Conditions = ["and", "or", "not", "1 of ", "all of ", "them"];

    public RuleOffers Of(string text, int caret)
    {
        var place = RulePlace.At(text, caret);
        var offers = Words(text, place).Where(o => o.Text.Contains(place.Word, StringComparison.OrdinalIgnoreCase) || o.What.Contains(place.Word, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(static o => o.Text).OrderBy(o => o.Text.StartsWith(place.Word, StringComparison.OrdinalIgnoreCase) ? 0 : 1).Take(MaxOffers).ToList();
        return new RuleOffers(place.Start, place.Length, offers);
    }

    private IEnumerable<RuleOffer> Words(string text, RulePlace place)
    {
        if (place.Path.Count == 0) return Top(text, place);
        return place.Path[0] switch
        {
            "tags" => Tags(),
            "logsource" when place.Path.Count == 1 => LogSource(text, place.Key),
            "detection" when place.Path.Count == 1 => place.Key switch
            {
                "condition" => Condition(text),
                null => Plain(["condition", "selection", "filter", "keywords"], ": "),
                _ => [],
            },
            "detection" or "filter" when place.Key is null => Field(text, place),
            "correlation" when place.Path.Count == 1 => place.Key switch { "type" => Plain(CorrelationTypes), null => Plain(Correlation, ": "), _ => [] },
            _ => [],
        };
    }

    private IEnumerable<RuleOffer> Top(string text, RulePlace place) => place.Key switch
    {
        null => Keys.Where(k => !Key(k.Key).IsMatch(text)).Select(static k => new RuleOffer(k.Key, k.Key + ": ", k.What)),
        "status" => Plain(RuleVocabulary.Statuses),
        "level" => Plain(RuleVocabulary.Levels),
        "tags" => Tags(),
        "detector" => Plain(words.Detectors),
        _ => [],
    };

    private IEnumerable<RuleOffer> Tags() => words.Tags.Select(static t => new RuleOffer(t.Tag, t.Tag, t.Name));

    private static IEnumerable<RuleOffer> LogSource(string text, string? key) => key switch
    {
        null => Plain(["product", "category", "service"], ": "),
        "product" => Plain(RuleVocabulary.Products),
        "category" => Plain(RuleVocabulary.Categories(ProductOf(text))),
        "service" => Plain(RuleVocabulary.Services(ProductOf(text))),
        _ => [],
    };

    private static IEnumerable<RuleOffer> Condition(string text)
    {
        string[] lines = [.. text.Split('\n').SkipWhile(static l => !l.StartsWith("detection:", StringComparison.Ordinal)).Skip(1).Where(static l => l.Trim().Length > 0).TakeWhile(static l => l[0] == ' ')];
        var indent = lines.Length == 0 ? 0 : lines[0].Length - lines[0].TrimStart().Length;
        return lines.Select(static l => Selection().Match(l)).Where(m => m.Success && m.Groups[1].Length == indent).Select(static m => m.Groups[2].Value).Where(static n => n is not ("condition" or "timeframe"))
            .Select(static n => new RuleOffer(n, n, "")).Concat(Plain(Conditions));
    }

    /// <summary>The name of a field, or, behind a '|', what it is compared by.</summary>
    private IEnumerable<RuleOffer> Field(string text, RulePlace place) => place.Start > 0 && text[place.Start - 1] == '|'
        ? Plain(RuleVocabulary.Modifiers)
        : Plain(words.Fields(ProductOf(text)));

    private static IEnumerable<RuleOffer> Plain(IEnumerable<string> words, string behind = "") => words.Select(w => new RuleOffer(w.TrimEnd(), w + behind, ""));

    internal static string ProductOf(string text) => Product().Match(text) is { Success: true } found ? found.Groups[1].Value : "";

    private static Regex Key(string key) => new($"^{key}:", RegexOptions.Multiline | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^[ ]+product:[ ]*'?([\w.-]+)", RegexOptions.Multiline)]
    private static partial Regex Product();

    [GeneratedRegex(@"^([ ]+)([\w-]+):")]
    private static partial Regex Selection();
}
