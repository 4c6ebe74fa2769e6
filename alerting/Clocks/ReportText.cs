using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>Writes a statutory report as far as Beacon knows: every field stands in it, and what is missing says so.</summary>
internal sealed class ReportText(IReportWords words)
{
    /// <summary>What stands where only a person can fill in.</summary>
    public const string Missing = "[to be filled in]";

    private sealed record Known(IReportWords Words, ClockRow Clock, IncidentDetail Incident, WarningDetail? Warning, IReadOnlyList<TimelineEntry> Entries, Func<string, string?, string?> Named, DateTimeOffset Now)
    {
        public string Say(Phrase phrase) => Words.Say(phrase);
    }

    private static readonly FrozenDictionary<string, Func<Known, IEnumerable<string>>> Fill = new Dictionary<string, Func<Known, IEnumerable<string>>>
    {
        ["number"] = k => [k.Incident.Summary.Number],
        ["title"] = k => [k.Words.Title(k.Incident.Summary.Title)],
        ["severity"] = k => [k.Say(Names.Of(k.Incident.Summary.Severity))],
        ["status"] = k => [k.Say(Names.Of(k.Incident.Summary.Status))],
        ["started"] = k => [ClockDesk.Stamp(k.Incident.Summary.StartedAt)],
        ["aware"] = k => [ClockDesk.Stamp(k.Clock.AwareAt)],
        ["closed"] = k => k.Incident.Summary.ClosedAt is { } at ? [ClockDesk.Stamp(at)] : [],
        ["duration"] = k => [k.Say(Alerting.Words.Age((k.Incident.Summary.ClosedAt ?? k.Now) - k.Incident.Summary.StartedAt))],
        ["owner"] = k => k.Incident.Summary.Owner is { } owner ? [owner] : [],
        ["organisations"] = k => k.Warning?.Organisations ?? [],
        ["sectors"] = k => k.Warning?.Sectors ?? [],
        ["assets"] = k => k.Incident.Entities.Where(e => e.AssetId is not null).Select(e => k.Say($"{e.AssetName} ({Alerting.Words.Importance(e.Importance)} object), first seen {ClockDesk.Stamp(e.FirstSeen)}")),
        ["happened"] = k => k.Warning is { } w ? WhatHappenedText.LinesOf(w.WhatHappened).Select(k.Words.Happened) : k.Incident.Alerts.OrderBy(a => a.FirstSeen).Take(12).Select(a => k.Say($"{ClockDesk.Stamp(a.FirstSeen)}: {k.Words.Title(a.Title)}")),
        ["category"] = k => k.Warning is { } w ? [k.Words.Category(w.Summary.Category)] : [],
        ["level"] = k => k.Warning is { } w ? [k.Say($"{Names.Of(w.Summary.Level)}, {k.Words.Clause(w.Summary.Clause)}")] : [],
        ["damage"] = k => k.Warning is { } w ? [k.Say($"{Alerting.Words.Damage(w.Damage)}: {k.Words.Damage(w.DamageReason)}")] : [],
        ["stages"] = k => k.Incident.Stages.Select(k.Words.Tactic),
        ["techniques"] = k => k.Incident.Techniques,
        ["indicators"] = k => k.Incident.Entities.Where(e => e.AssetId is null && e.Entity.Kind is EntityKind.Address or EntityKind.Host).Select(e => e.Entity.Value),
        ["accounts"] = k => k.Incident.Entities.Where(e => e.Entity.Kind == EntityKind.User).Select(e => e.Entity.Value),
        ["alerts"] = k => [k.Incident.Summary.AlertCount.ToString(CultureInfo.InvariantCulture)],
        ["measures"] = k => k.Entries.Where(e => e.Kind is TimelineKind.Playbook or TimelineKind.Task or TimelineKind.Note).TakeLast(50).Select(e => k.Say($"{ClockDesk.Stamp(e.Time)}, {e.Actor}: {k.Words.Entry(e, k.Named)}")),
        ["next"] = k => k.Incident.Tasks.Where(t => !t.Done).Select(t => t.Text).Concat(k.Warning?.Advice.Select(a => k.Words.Ours(a.Text)) ?? []),
    }.ToFrozenDictionary();

    /// <summary>Names that a field's "from" may have.</summary>
    public static IReadOnlyList<string> Sources { get; } = [.. Fill.Keys.Order(StringComparer.Ordinal)];

    /// <param name="named">The names of playbooks and steps by their run.</param>
    public ReportDraft Write(ClockRow clock, IncidentDetail incident, WarningDetail? warning, IReadOnlyList<TimelineEntry> entries, Func<string, string?, string?> named, DateTimeOffset now)
    {
        var known = new Known(words, clock, incident, warning, entries, named, now);
        var missing = new List<string>();
        var title = words.Say($"{Ours(clock.Definition.Report.Name)}: {incident.Summary.Number}");
        var text = new StringBuilder();
        text.Append("# ").Append(Escape(title)).Append("\n\n");
        Line(Phrase.Plain(Escape(Ours(clock.Definition.RegimeName))));
        Line($"Source: {Escape(Ours(clock.Definition.Source))}");
        Line($"To: {Escape(string.Join(words.Say(", "), clock.Definition.Report.To.Select(Ours)))}");
        Line(clock.DueAt is { } due ? (Phrase)$"Due: {ClockDesk.Stamp(due)}" : "Due: not running yet");
        Line($"Drafted: {ClockDesk.Stamp(now)}");
        foreach (var field in clock.Definition.Report.Fields)
        {
            var label = Ours(field.Label);
            text.Append("\n## ").Append(Escape(label)).Append('\n');
            var lines = field.From is { } from && Fill.TryGetValue(from, out var fill) ? fill(known).Where(l => l.Length > 0).Take(50).ToList() : [];
            if (lines.Count == 0)
            {
                missing.Add(label);
                text.Append("**").Append(words.Say(Missing)).Append("**\n");
            }
            else if (lines.Count == 1) text.Append(Escape(lines[0])).Append('\n');
            else foreach (var line in lines) text.Append("- ").Append(Escape(line)).Append('\n');
        }
        return new ReportDraft(clock.Id, title, text.ToString(), missing);

        void Line(Phrase said) => text.Append("- ").Append(words.Say(said)).Append('\n');
    }

    private string Ours(string text) => words.Ours(text);

    /// <summary>Text from events must not become markup (CommonMark, backslash escapes), nor a line of its own.</summary>
    internal static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in Text.Cut(text, 4_000))
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029') safe.Append(' ');
            else if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' or '!' or '&' or '~') safe.Append('\\').Append(c);
            else safe.Append(c);
        }
        return safe.ToString();
    }
}
