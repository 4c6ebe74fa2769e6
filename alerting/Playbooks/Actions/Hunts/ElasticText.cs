using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks.Actions.OpenC2;
using Beacon.Events.QueryLanguage;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Hunts;

/// <summary>
/// An elastic command as a text of our query language: query-string or KQL text as far as both mean the same, alone or as
/// {"query": {"query_string": {"query": "…"}}}. A variable stands alone, as a value or word, and is looked for literally.
/// </summary>
internal static class ElasticText
{
    private static readonly char[] Beyond = ['~', '^', '{', '}'];

    public static (string? Query, Phrase? Fault) Fill(string command, Func<string, string?> variable)
    {
        var text = command.Trim();
        if (text.StartsWith('{'))
        {
            if (JsonText.Object(text) is not { Count: 1 } root || root["query"] is not JsonObject { Count: 1 } query || query["query_string"] is not JsonObject { Count: 1 } inner
                || inner["query"] is not JsonValue value || !value.TryGetValue<string>(out var found)) return (null, "of JSON queries only {\"query\": {\"query_string\": {\"query\": \"…\"}}} is searched by");
            text = found.Trim();
        }
        if (text.Length == 0) return (null, "the query is empty");
        var filled = new StringBuilder();
        var from = 0;
        foreach (System.Text.RegularExpressions.Match match in VariableReference.Pattern.Matches(text))
        {
            var name = match.Groups[1].Value;
            var before = text[..match.Index];
            var end = match.Index + match.Length;
            if (before.Contains('\\') || before.Count(c => c == '"') % 2 != 0 || (before.Length > 0 && before[^1] is not (' ' or '\n' or '(' or ':')) || (end < text.Length && text[end] is not (' ' or '\n' or ')')))
                return (null, $"{name} at character {match.Index + 1} does not stand alone as a word or value");
            if (variable(name) is not { } given) return (null, $"{name} has no value");
            if (given.Length == 0 || given.Contains('"') || given.Any(char.IsControl)) return (null, $"the value of {name} cannot be looked for: it is empty, or has a quote or control character in it");
            // A backslash means something before a quote only.
            filled.Append(text, from, match.Index - from).Append('"').Append(given).Append(given[^1] == '\\' ? "\\\"" : "\"");
            from = end;
        }
        var result = filled.Append(text, from, text.Length - from).ToString();
        if (Outside(text) is { } odd) return (null, $"character {odd + 1}: '{text[odd]}' is not of the part of Elastic's language that is searched by here");
        return EventQueryText.TryParse(result, out _, out var fault) ? (result, null) : (null, $"character {fault!.Position + 1}: {fault.Message}");
    }

    /// <summary>Where fuzzy words, boosts or half-open ranges stand outside of quotes.</summary>
    private static int? Outside(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && Array.IndexOf(Beyond, text[i]) >= 0) return i;
        }
        return null;
    }
}
