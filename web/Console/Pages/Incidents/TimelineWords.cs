using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Observables;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Console.Pages.Live;
using Beacon.Web.Console.Pages.Warnings;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>
/// Says an entry of a timeline in the viewer's language. What was written stays as it is: the chain of hashes is over it. The sentences that Beacon
/// writes are known by their form; people's own words, and what is not known, stand as they are.
/// </summary>
public sealed class TimelineWords(IStringLocalizer<TimelineText> T, IStringLocalizer<ShellText> Shell, IStringLocalizer<MarkText> Mark, IStringLocalizer<LiveText> Live, AlertWords titles, WarningWords warnings, IKnownTexts texts)
{
    /// <summary>Longer ones hold mostly what somebody wrote.</summary>
    private const int MaxLength = 4_000;

    private static readonly Lazy<FrozenDictionary<Told, (TimelineForm Of, SentenceForm Form)[]>> Sentences = new(() =>
    {
        var texts = new ResourceManager(typeof(TimelineText));
        return TimelineForms.All.GroupBy(f => f.Among).ToFrozenDictionary(g => g.Key, g => g.Select(f => (f, new SentenceForm(texts, "Say" + f.Key, n => Allowed(f.Holes[n]), f.Reasoned))).ToArray());
    });

    /// <param name="name">The name of a playbook (its run) or of a step (its run and id) in the viewer's language, or null where it is not known.</param>
    public string Say(TimelineEntry entry, Func<string, string?, string?>? name = null)
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" || entry.Text.Length > MaxLength) return entry.Text;
        var of = new Of(entry.Reference, name);
        return entry.Kind switch
        {
            TimelineKind.Playbook => Playbook(entry.Text, of),
            TimelineKind.Alert => Find(Told.Alert, entry.Text, of) ?? titles.Title(entry.Text),
            TimelineKind.Note => entry.Text,
            _ => Find(Enum.Parse<Told>(entry.Kind.ToString()), entry.Text, of) ?? entry.Text,
        };
    }

    private string Playbook(string text, Of of)
    {
        foreach (var (start, key) in new[] { ("[drill] ", "Drill"), ("[dry run] ", "DryRun") })
            if (text.StartsWith(start, StringComparison.Ordinal)) return T[key, Known(Told.Playbook, text[start.Length..], of)];
        return Known(Told.Playbook, text, of);
    }

    /// <summary>Why a step failed or needs a person.</summary>
    public string Fault(string text) => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" || text.Length > MaxLength ? text : Find(Told.Fault, text, new Of("", null)) ?? Phrases.Kept(text);

    private string Known(Told among, string text, Of of) => Find(among, text, of) ?? text;

    private string? Find(Told among, string text, Of of)
    {
        foreach (var (sentence, form) in Sentences.Value[among])
        {
            if (form.Read(text) is not { } found) continue;
            var said = T["Say" + sentence.Key, [.. found.Parts.Select((part, n) => Part(sentence.Holes[n], part, of))]].Value;
            return found.Why is { } why ? T["Because", said, why] : said;
        }
        return null;
    }

    private string Part(Hole hole, string value, Of of) => hole switch
    {
        Hole.Severity => Enum.TryParse<Severity>(value, ignoreCase: true, out var severity) ? Mark[severity.ToString()] : value,
        Hole.Level => Enum.TryParse<WarningLevel>(value, ignoreCase: true, out var level) ? Mark[level.ToString()] : value,
        Hole.Status => Enum.TryParse<IncidentStatus>(value, ignoreCase: true, out var status) ? T["Status" + status] : value,
        Hole.Mark => Enum.TryParse<ObservableMark>(value, ignoreCase: true, out var mark) ? T["Mark" + mark] : value,
        Hole.Tie => Enum.TryParse<IncidentLinkKind>(value, ignoreCase: true, out var tie) ? T["Tie" + tie] : value,
        Hole.Ended => Enum.TryParse<Disposition>(value, out var ended) ? Live["Ended" + ended] : value,
        Hole.Cause => Enum.TryParse<DispositionCause>(value, out var cause) ? Live["Cause" + cause] : value,
        Hole.Role => RoleWord.Of(value, Shell),
        Hole.Roles => string.Join(Shell["Comma"], value.Split(", ").Select(r => RoleWord.Of(r, Shell))),
        Hole.Age => Age(value),
        Hole.Title => titles.Title(value),
        Hole.Clause => warnings.Clause(value),
        Hole.Playbook => of.Playbook ?? value,
        Hole.Step => of.Step ?? value,
        Hole.Said => Known(Told.Said, value, of),
        Hole.Fault => Fault(value),
        Hole.Why => Known(Told.Why, value, of),
        Hole.Task => Known(Told.Due, value, of),
        Hole.Moved => string.Join(Shell["Comma"], value.Split(", ").Select(m => Known(Told.Moved, m, of))),
        Hole.Known => Ours(value),
        Hole.Report => Report(value),
        _ => value,
    };

    private string Age(string age) => age.Split(' ') switch
    {
        ["under", ..] => T["AgeUnder"],
        [var n, "min"] => T["AgeMin", n],
        [var n, "h"] => T["AgeHours", n],
        [var n, "d"] => T["AgeDays", n],
        _ => age,
    };

    private string Ours(string text) => texts.In(text, CultureInfo.CurrentUICulture.Name) is var whole && whole != text ? whole : string.Join(Shell["Comma"], text.Split(", ").Select(t => texts.In(t, CultureInfo.CurrentUICulture.Name)));

    // "law: report"; a law's name may have a colon, too.
    private string Report(string text)
    {
        for (var at = text.IndexOf(": ", StringComparison.Ordinal); at > 0; at = text.IndexOf(": ", at + 2, StringComparison.Ordinal))
            if (texts.In(text[..at], CultureInfo.CurrentUICulture.Name) is var law && law != text[..at]) return T["ReportOf", law, Ours(text[(at + 2)..])];
        return text;
    }

    /// <summary>What an entry refers to, "run:ID/STEP", and who knows the names.</summary>
    private readonly record struct Of(string Reference, Func<string, string?, string?>? Name)
    {
        private string[] Parts => Reference.StartsWith("run:", StringComparison.Ordinal) ? Reference[4..].Split('/', 2) : [];

        public string? Playbook => Parts is [var run, ..] ? Name?.Invoke(run, null) : null;
        public string? Step => Parts is [var run, var step] ? Name?.Invoke(run, step) : null;
    }

    private static string Allowed(Hole hole) => hole switch
    {
        Hole.Number => "[A-Z]+(-[0-9]+)+",
        Hole.Count => "[0-9]+",
        Hole.Hash => "[0-9a-f]+",
        Hole.Stamp => "[0-9-]+ [0-9:]+ UTC",
        Hole.Age => "under 1 min|[0-9]+ (min|h|d)",
        Hole.Severity or Hole.Level or Hole.Status or Hole.Mark or Hole.Tie => "[a-z]+",
        Hole.Ended or Hole.Cause => "[A-Za-z]+",
        Hole.Label => "[^, ]+",
        // The last one: the task's own words may have such a part, too.
        Hole.Person => "[^,]+",
        _ => ".+?",
    };
}
