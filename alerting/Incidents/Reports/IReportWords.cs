using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>
/// How reports say things, in the language of the current UI culture. What is kept stays English, for the record; whoever shows texts to people knows its sentences
/// in other languages and hands them in. What nobody knows, and people's own words, come back as they are.
/// </summary>
public interface IReportWords
{
    /// <summary>Names of the languages that reports are written in ("en", "zh-Hans"), English first.</summary>
    IReadOnlyList<string> Languages { get; }

    string Say(Phrase phrase);

    /// <param name="name">The name of a playbook (its run) or of a step (its run and id), or null where it is not known.</param>
    string Entry(TimelineEntry entry, Func<string, string?, string?> name);

    /// <summary>Of an alert, incident or warning.</summary>
    string Title(string title);

    /// <summary>Why a warning has its level.</summary>
    string Clause(string clause);

    /// <summary>Which rule gave the grade of damage.</summary>
    string Damage(string reason);

    string Category(string category);

    /// <summary>A line of what happened.</summary>
    string Happened(string line);

    /// <summary>A tactic of ATT&amp;CK by its short name.</summary>
    string Tactic(string name);

    /// <summary>Advice, and names of laws, reports, receivers and fields.</summary>
    string Ours(string text);
}

/// <summary>Everything as it is kept.</summary>
internal sealed class EnglishWords : IReportWords
{
    public IReadOnlyList<string> Languages { get; } = ["en"];
    public string Say(Phrase phrase) => phrase.ToString();
    public string Entry(TimelineEntry entry, Func<string, string?, string?> name) => entry.Text;
    public string Title(string title) => title;
    public string Clause(string clause) => clause;
    public string Damage(string reason) => reason;
    public string Category(string category) => category;
    public string Happened(string line) => line;
    public string Tactic(string name) => name;
    public string Ours(string text) => text;
}

internal static class ReportLanguage
{
    /// <summary>The language as it is called among the known ones, or null.</summary>
    public static string? Read(this IReportWords words, string language) => words.Languages.FirstOrDefault(l => l.Equals(language, StringComparison.OrdinalIgnoreCase));

    /// <summary>From here on, up to the end of the asynchronous method that calls, everything is said in it.</summary>
    public static void Speak(string language) => CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
}
