using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>Says how an aggregation or 'near' of older Sigma is written now, made from what was written.</summary>
internal static partial class OldAggregation
{
    /// <param name="condition">The whole condition.</param>
    /// <param name="timeframe">As the detection gives it, or empty.</param>
    public static Phrase Hint(string condition, string timeframe)
    {
        var bar = condition.IndexOf('|', StringComparison.Ordinal);
        var search = bar < 0 ? "" : condition[..bar].Trim();
        var rest = bar < 0 ? condition.Trim() : condition[(bar + 1)..].Trim();
        var span = SigmaTimespan.Read(timeframe) is null ? "5m" : timeframe;
        if (search.Length > 200 || rest.Length > 300) return "keep the search here and count with a correlation, see docs/sigma.md";
        if (Near().Match(rest) is { Success: true } near)
        {
            var names = Word().Matches((search.Length > 0 ? search + " " : "") + near.Groups[1].Value).Select(static m => m.Value)
                .Where(static w => w is not ("and" or "or" or "not" or "near" or "within" or "by")).Distinct().Take(10).ToArray();
            return $"make each of {string.Join(", ", names)} a rule with that name, and add a document: {Document("temporal", string.Join(", ", names), "", span, "")}";
        }
        if (Count().Match(rest) is not { Success: true } found) return "keep the search here and count with a correlation, see docs/sigma.md";
        var (function, field, by, sign, number) = (found.Groups["f"].Value.ToLowerInvariant(), found.Groups["field"].Value.Trim(), found.Groups["by"].Value.Trim(), found.Groups["op"].Value, found.Groups["n"].Value);
        var bound = sign switch { ">=" => "gte", ">" => "gt", "<=" => "lte", "<" => "lt", _ => "eq" };
        var type = (function, field.Length > 0) switch { ("count", true) => "value_count", ("count", false) => "event_count", ("sum", _) => "value_sum", ("avg", _) => "value_avg", _ => "" };
        if (type.Length == 0) return $"correlations know no '{function}'; a comparison such as {field}|{bound}: {number} in the rule, or value_percentile with percentile {(function == "max" ? "100" : "0")}, says the same";
        var document = Document(type, "base", by, span, $"condition: {{{(field.Length > 0 ? $"field: {field}, " : "")}{bound}: {number}}}");
        return search.Length > 0 ? (Phrase)$"keep 'condition: {search}', give the rule 'name: base', and add a document: {document}" : $"give the rule 'name: base', and add a document: {document}";
    }

    private static string Document(string type, string rules, string by, string span, string condition) =>
        string.Create(CultureInfo.InvariantCulture, $"{{title: TITLE, correlation: {{type: {type}, rules: [{rules}], group-by: [{by}], timespan: {span}{(condition.Length > 0 ? ", " + condition : "")}}}}}");

    [GeneratedRegex(@"^(?<f>count|sum|avg|min|max)\s*\(\s*(?<field>[^()\s]*)\s*\)\s*(?:by\s+(?<by>[^<>=]+?)\s*)?(?<op>>=|<=|==|=|>|<)\s*(?<n>\d+)$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Count();

    [GeneratedRegex(@"^near\s+(.+)$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Near();

    [GeneratedRegex(@"[A-Za-z_][A-Za-z0-9_.-]*", RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
