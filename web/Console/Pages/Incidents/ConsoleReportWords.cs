using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Console.Pages.Warnings;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>What the console says in the viewer's language, for reports.</summary>
internal sealed partial class ConsoleReportWords(TimelineWords timeline, WarningWords warnings, AlertWords titles, IStringLocalizer<MarkText> mark, IKnownTexts texts) : IReportWords
{
    public IReadOnlyList<string> Languages { get; } = ["en", .. Phrases.Languages];

    public string Say(Phrase phrase) => Phrases.In(phrase);
    public string Entry(TimelineEntry entry, Func<string, string?, string?> name) => timeline.Say(entry, name);
    public string Title(string title) => titles.Title(title) is var said && said != title ? said : warnings.Title(title);
    public string Clause(string clause) => English ? clause : warnings.Clause(clause);
    public string Damage(string reason) => English ? reason : warnings.Damage(reason);
    public string Tactic(string name) => English ? name : warnings.Tactic(name);
    public string Category(string category) => !English && mark["Category" + category] is { ResourceNotFound: false } said ? said : category;
    public string Ours(string text) => texts.In(text, CultureInfo.CurrentUICulture.Name);

    /// <summary>The sentence and the lines of a warning's text, which are known by their form.</summary>
    public string Happened(string line)
    {
        if (English || line.Length > MaxLine) return line;
        if (FurthestForm().Match(line) is { Success: true } f)
        {
            var names = f.Groups["names"].Value;
            Phrase on = MoreForm().Match(names) is { Success: true } more ? $"{Listed(more.Groups["names"].Value)} and {more.Groups["more"].Value} more" : Phrase.Plain(Listed(names));
            var (title, count, since) = (titles.Title(f.Groups["title"].Value), f.Groups["count"].Value, f.Groups["since"].Value);
            return Say(f.Groups["least"].Success ? (Phrase)$"{title}: the furthest of at least {count} alerts on {on} since {since}." : $"{title}: the furthest of {count} alerts on {on} since {since}.");
        }
        if (StageForm().Match(line) is { Success: true } s)
        {
            var (stages, count, title) = (s.Groups["stages"].Value == NoStage ? Say(NoStage) : warnings.Tactics(s.Groups["stages"].Value), s.Groups["count"].Value, titles.Title(s.Groups["title"].Value));
            return Say(s.Groups["more"].Success ? (Phrase)$"{stages}, {count} alerts: {title}, and what {s.Groups["more"].Value} more rules found" : $"{stages}, {count} alerts: {title}");
        }
        return line.EndsWith('.') && titles.Title(line[..^1]) is var said && said != line[..^1] ? Say($"{said}.") : line;
    }

    private string Listed(string names) => string.Join(Say(", "), names.Split(", "));

    private const int MaxLine = 2_000;
    private const string NoStage = "no stage known";

    private static bool English => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    [GeneratedRegex(@"^(?<title>.+): the furthest of (?<least>at least )?(?<count>[0-9]+) alerts on (?<names>.+) since (?<since>[0-9-]+ [0-9:]+ UTC)\.$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FurthestForm();

    [GeneratedRegex("^(?<names>.+) and (?<more>[0-9]+) more$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MoreForm();

    [GeneratedRegex("^(?<stages>[a-z, -]+), (?<count>[0-9]+) alerts?: (?<title>.+?)(, and what (?<more>[0-9]+) more rules? found)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex StageForm();
}

internal static class ReportLanguages
{
    /// <summary>Has reports written in the console's languages; behind AddAlerting.</summary>
    public static IServiceCollection AddReportLanguages(this IServiceCollection services) =>
        services.AddLocalization().AddSingleton<AlertWords>().AddSingleton<WarningWords>().AddSingleton<TimelineWords>().AddSingleton<IReportWords, ConsoleReportWords>();
}
