using System.Text.RegularExpressions;
using Beacon.Detections.Rules.Completion;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Remedies;

/// <summary>What is wrong with a rule's text while it is written: the reader's faults, and fields that are likely slips of the hand.</summary>
public sealed partial class RuleReview(RuleCatalog catalog, RuleVocabulary words)
{
    /// <summary>Fields that are looked up in one text: a list of thousands is somebody else's rule.</summary>
    private const int MaxFields = 500;

    /// <summary>Shorter names are near to too many others.</summary>
    private const int ShortestName = 4;

    public IReadOnlyList<SigmaFault> Check(string text)
    {
        var faults = catalog.Check(text);
        return text.Length > RuleCatalog.MaxRuleLength || ScheduledRuleReader.IsScheduled(text) ? faults : [.. faults, .. Fields(text)];
    }

    private IEnumerable<SigmaFault> Fields(string text)
    {
        var known = words.Fields(RuleCompletion.ProductOf(text));
        var all = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, line, column) in Names(text).Take(MaxFields))
        {
            if (name.Length < ShortestName || all.Contains(name)) continue;
            if (!unknown.TryGetValue(name, out var near)) unknown[name] = near = Spelling.Nearest(name, known, 1) is [{ } one] && Spelling.Distance(name, one, 3) <= (name.Length < 8 ? 1 : 2) ? [one] : [];
            if (near.Count > 0)
                yield return new SigmaFault("rule.yml", line, column, FaultCodes.Field, FaultSeverity.Info, $"no other rule and no schema knows the field '{name}'", $"'{near[0]}' is known") { Remedy = FaultRemedy.Replace(name, near) };
        }
    }

    /// <summary>Keys beneath the selections of detections, by their indents; the text need not be whole YAML.</summary>
    private static IEnumerable<(string Name, int Line, int Column)> Names(string text)
    {
        var (number, inside, selection) = (0, false, -1);
        foreach (var written in text.Split('\n'))
        {
            number++;
            if (written.AsSpan().Trim().IsEmpty) continue;
            var indent = written.Length - written.TrimStart(' ').Length;
            if (indent == 0)
            {
                (inside, selection) = (written.StartsWith("detection:", StringComparison.Ordinal), -1);
                continue;
            }
            if (!inside) continue;
            if (selection < 0) selection = indent;
            if (indent > selection && Key().Match(written) is { Success: true } key) yield return (key.Groups[1].Value, number, key.Groups[1].Index + 1);
        }
    }

    [GeneratedRegex(@"^ +(?:- +)*([A-Za-z_@][\w.@-]*)(?:\|[\w|]*)?:(?: |\r?$)", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
