using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Alerting.Warnings;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Text;

/// <summary>
/// Says the title of a rule of ours, and of an alert or incident that begins with it, in the viewer's language. A title is kept as the rule wrote it, for
/// the record; other people's rules and words stand as they are.
/// </summary>
public sealed partial class AlertWords(IKnownTexts texts, IStringLocalizer<MarkText> T)
{
    /// <summary>Ceiling of what is looked at: titles are shorter.</summary>
    private const int MaxLength = 2_000;

    /// <summary>A rule's title.</summary>
    public string Rule(string title) => texts.In(title, CultureInfo.CurrentUICulture.Name);

    /// <summary>A sentence that begins with a rule's title: "… on bas-01 by ann with bash, from 203.0.113.9", or "…: what was counted".</summary>
    public string Title(string sentence)
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" || sentence.Length > MaxLength) return sentence;
        if (Rule(sentence) is var whole && whole != sentence) return whole;
        // The longest beginning that is a title: some have such a word within.
        foreach (var joint in Joint().Matches(sentence).Reverse())
        {
            var title = sentence[..joint.Index];
            if (Rule(title) is var said && said != title) return T["TitleOf", said, Rest(sentence[joint.Index..])];
        }
        return sentence;
    }

    private string Rest(string tail)
    {
        if (tail.StartsWith(": ", StringComparison.Ordinal)) return Counted(tail[2..]);
        if (Parts().Match(tail) is not { Success: true } parts) return tail.TrimStart(',', ' ');
        var said = new List<string>();
        if (parts.Groups["on"] is { Success: true } on) said.Add(on.Value);
        if (parts.Groups["by"] is { Success: true } by) said.Add(T["PartBy", by.Value]);
        if (parts.Groups["with"] is { Success: true } with) said.Add(T["PartWith", with.Value]);
        if (parts.Groups["from"] is { Success: true } from) said.Add(T["PartFrom", from.Value]);
        if (parts.Groups["to"] is { Success: true } to) said.Add(T["PartTo", to.Value]);
        return string.Join(T["PartComma"], said);
    }

    // What a correlation or a threshold counted, in the form in which they write it.
    private string Counted(string counted)
    {
        if (Counts().Match(counted) is not { Success: true } m) return counted;
        var key = m.Groups["rules"].Success ? m.Groups["order"].Success ? "SaidInOrder" : "SaidRules" : m.Groups["values"].Success ? "SaidValues" : "SaidEvents";
        var whose = string.Join(", ", new[] { m.Groups["whose"].Value, m.Groups["group"].Value }.Where(p => p.Length > 0)).Split(", ", StringSplitOptions.RemoveEmptyEntries);
        return T[key, m.Groups["n"].Value, m.Groups["span"].Value, string.Concat(whose.Select(p => T["PartComma"] + p)), m.Groups["rules"].Success ? m.Groups["rules"].Value : m.Groups["values"].Value];
    }

    [GeneratedRegex("^(?<n>[0-9.,]+) (?:events|different values of (?<values>[^ ]+)|of (?<rules>[0-9]+) rules matched(?<order> in order)?)(?: of (?<whose>.+?))? within (?<span>[0-9.]+ ?[a-z]+)(?:, (?<group>.+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 100)]
    private static partial Regex Counts();

    [GeneratedRegex("(?:,? (?:on|at|by|with|from|to) |: )", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Joint();

    [GeneratedRegex("^(?: (?:on|at|from) (?<on>.+?))?(?: by (?<by>.+?))?(?: with (?<with>.+?))?(?:, from (?<from>[^ ]+))?(?: to (?<to>[^ ]+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 100)]
    private static partial Regex Parts();
}
