using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Modifiers;

namespace Beacon.Detections.Sigma;

/// <summary>Puts values in the place of %name% (Sigma modifiers appendix 2.1, "expand").</summary>
internal static partial class Placeholders
{
    /// <summary>Every combination of the values given; a placeholder without values stays, and its value is unresolved. Null: too many.</summary>
    /// <param name="valuesOf">The values of a name, or null or none.</param>
    public static IReadOnlyList<SigmaValue>? Expand(SigmaPattern pattern, Func<string, IEnumerable<SigmaPattern>?> valuesOf)
    {
        List<List<PatternPart>> results = [[]];
        string? missing = null;
        foreach (var part in pattern.Parts)
        {
            if (part.Kind != PatternPartKind.Literal)
            {
                Append(results, part);
                continue;
            }
            var from = 0;
            foreach (Match match in Placeholder().Matches(part.Text))
            {
                Append(results, PatternPart.Literal(part.Text[from..match.Index]));
                from = match.Index + match.Length;
                var values = valuesOf(match.Groups[1].Value)?.ToArray() ?? [];
                if (values.Length == 0)
                {
                    missing ??= match.Groups[1].Value;
                    Append(results, PatternPart.Literal(match.Value));
                    continue;
                }
                if ((long)results.Count * values.Length > ModifierChain.MaxValues) return null;
                results = [.. results.SelectMany(r => values.Select(v => new List<PatternPart>([.. r, .. v.Parts])))];
            }
            Append(results, PatternPart.Literal(part.Text[from..]));
        }
        return [.. results.Select(r => missing is null ? (SigmaValue)new PatternValue(SigmaPattern.Of(r)) : new UnresolvedValue(missing, SigmaPattern.Of(r)))];
    }

    private static void Append(List<List<PatternPart>> patterns, PatternPart part)
    {
        foreach (var pattern in patterns) pattern.Add(part);
    }

    [GeneratedRegex("%([A-Za-z0-9_.-]{1,100})%", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
