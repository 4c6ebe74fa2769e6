using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Detections.Attack;
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

    /// <summary>What to look for in titles as they are kept, where somebody typed what is read; empty where the words themselves do.</summary>
    public IReadOnlyList<IncidentTerm> Terms(string typed)
    {
        // Words apart: a title and the machine behind it stand in other places in the sentence as it is kept.
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" || typed.All(c => c < '\u2e80')) return [];
        return [.. typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(IncidentTerm.Most).Select(word => new IncidentTerm(word, texts.Originals(word, CultureInfo.CurrentUICulture.Name, IncidentTerm.MostTitles)))];
    }

    /// <summary>The name of a technique of ATT&amp;CK.</summary>
    public string Technique(AttackTechnique technique) => texts.In(technique.Name, CultureInfo.CurrentUICulture.Name);

    /// <summary>What else a rule of ours says of itself: its description, what may be harmless. Line breaks of its file make no difference.</summary>
    public string Said(string text)
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" || text.Length > MaxLength) return text;
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return texts.In(line, CultureInfo.CurrentUICulture.Name) is var said && said != line ? said : text;
    }

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
        // A source that is silent is what the sentence begins with: there is no rule's title.
        if (Silent.Value.Read(sentence) is { } silent) return T["FoundSilent", silent.Parts];
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

    /// <summary>What a rule counted, compared or saw for the first time, behind its title.</summary>
    private string Counted(string text)
    {
        foreach (var ((key, holes), form) in Forms.Value)
            if (form.Read(text) is { } found) return T["Found" + key, [.. found.Parts.Select((part, n) => holes[n] switch { 's' => Span(part), 'x' => part switch { "nothing" => T["FoundNothing"].Value, "all events together" => T["FoundAll"], _ => part }, _ => part })]];
        return text;
    }

    // "60 s", "1.5 h", "7 days", and as rules write it: "5m".
    private string Span(string span)
    {
        var number = span.TrimEnd('s', 'm', 'i', 'n', 'h', 'd', 'a', 'y', ' ');
        return T["Span" + (span[number.Length..].Trim() switch { "s" => "Seconds", "m" or "min" => "Minutes", "h" => "Hours", _ => "Days" }), number];
    }

    /// <summary>The sentences in which our detectors tell; n is a number, s a span, x anything.</summary>
    internal static readonly (string Key, string Holes)[] Found =
    [
        ("EventsOf", "nxs"), ("EventsIn", "nsx"), ("Events", "ns"), ("ValuesOf", "nxxs"), ("ValuesIn", "nxsx"), ("Values", "nxs"), ("InOrderIn", "nnsx"), ("InOrder", "nns"), ("RulesIn", "nnsx"), ("Rules", "nns"),
        ("Usual", "xxxsn"), ("Expected", "xxxsn"), ("Reached", "xxxxs"), ("First", "xs"), ("Rhythm", "xsn"), ("KnownLater", "x"), ("Known", "x"), ("Steps", "xns"), ("Rare", "xnns"), ("Travel", "xxxns"), ("Many", "n"),
    ];

    private static readonly Lazy<((string Key, string Holes) Of, SentenceForm Form)[]> Forms = new(() =>
    {
        var texts = new ResourceManager(typeof(MarkText));
        return [.. Found.Select(f => (f, new SentenceForm(texts, "Found" + f.Key, n => f.Holes[n] switch { 'n' => "[0-9.E+]+", 's' => "[0-9.]+ ?(s|m|min|h|d|days)", _ => ".+?" })))];
    });

    private static readonly Lazy<SentenceForm> Silent = new(() => new SentenceForm(new ResourceManager(typeof(MarkText)), "FoundSilent", static n => n switch { 0 => ".+?", 1 => "[0-9: -]+", _ => "[0-9.E+]+" }));

    [GeneratedRegex("(?:,? (?:on|at|by|with|from|to) |: )", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Joint();

    [GeneratedRegex("^(?: (?:on|at|from) (?<on>.+?))?(?: by (?<by>.+?))?(?: with (?<with>.+?))?(?:, from (?<from>[^ ]+))?(?: to (?<to>[^ ]+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, 100)]
    private static partial Regex Parts();
}
