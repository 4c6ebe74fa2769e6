using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>Writes a statutory report as far as Beacon knows: every field stands in it, and what is missing says so.</summary>
internal static class ReportText
{
    /// <summary>What stands where only a person can fill in.</summary>
    public const string Missing = "**[to be filled in]**";

    private sealed record Known(ClockRow Clock, IncidentDetail Incident, WarningDetail? Warning, IReadOnlyList<TimelineEntry> Entries, DateTimeOffset Now);

    private static readonly FrozenDictionary<string, Func<Known, IEnumerable<string>>> Fill = new Dictionary<string, Func<Known, IEnumerable<string>>>
    {
        ["number"] = k => [k.Incident.Summary.Number],
        ["title"] = k => [k.Incident.Summary.Title],
        ["severity"] = k => [k.Incident.Summary.Severity.ToString()],
        ["status"] = k => [k.Incident.Summary.Status.ToString()],
        ["started"] = k => [ClockDesk.Stamp(k.Incident.Summary.StartedAt)],
        ["aware"] = k => [ClockDesk.Stamp(k.Clock.AwareAt)],
        ["closed"] = k => k.Incident.Summary.ClosedAt is { } at ? [ClockDesk.Stamp(at)] : [],
        ["duration"] = k => [Words.Age((k.Incident.Summary.ClosedAt ?? k.Now) - k.Incident.Summary.StartedAt)],
        ["owner"] = k => k.Incident.Summary.Owner is { } owner ? [owner] : [],
        ["organisations"] = k => k.Warning?.Organisations ?? [],
        ["sectors"] = k => k.Warning?.Sectors ?? [],
        ["assets"] = k => k.Incident.Entities.Where(e => e.AssetId is not null).Select(e => $"{e.AssetName} ({Words.Importance(e.Importance)} object), first seen {ClockDesk.Stamp(e.FirstSeen)}"),
        ["happened"] = k => k.Warning is { } w ? WhatHappenedText.LinesOf(w.WhatHappened) : k.Incident.Alerts.OrderBy(a => a.FirstSeen).Take(12).Select(a => $"{ClockDesk.Stamp(a.FirstSeen)}: {a.Title}"),
        ["category"] = k => k.Warning is { } w ? [w.Summary.Category] : [],
        ["level"] = k => k.Warning is { } w ? [$"{w.Summary.Level}, {w.Summary.Clause}"] : [],
        ["damage"] = k => k.Warning is { } w ? [$"{Words.Damage(w.Damage)}: {w.DamageReason}"] : [],
        ["stages"] = k => k.Incident.Stages,
        ["techniques"] = k => k.Incident.Techniques,
        ["indicators"] = k => k.Incident.Entities.Where(e => e.AssetId is null && e.Entity.Kind is EntityKind.Address or EntityKind.Host).Select(e => e.Entity.Value),
        ["accounts"] = k => k.Incident.Entities.Where(e => e.Entity.Kind == EntityKind.User).Select(e => e.Entity.Value),
        ["alerts"] = k => [k.Incident.Summary.AlertCount.ToString(CultureInfo.InvariantCulture)],
        ["measures"] = k => k.Entries.Where(e => e.Kind is TimelineKind.Playbook or TimelineKind.Task or TimelineKind.Note).TakeLast(50).Select(e => $"{ClockDesk.Stamp(e.Time)}, {e.Actor}: {e.Text}"),
        ["next"] = k => k.Incident.Tasks.Where(t => !t.Done).Select(t => t.Text).Concat(k.Warning?.Advice.Select(a => a.Text) ?? []),
    }.ToFrozenDictionary();

    /// <summary>Names that a field's "from" may have.</summary>
    public static IReadOnlyList<string> Sources { get; } = [.. Fill.Keys.Order(StringComparer.Ordinal)];

    public static ReportDraft Write(ClockRow clock, IncidentDetail incident, WarningDetail? warning, IReadOnlyList<TimelineEntry> entries, DateTimeOffset now)
    {
        var known = new Known(clock, incident, warning, entries, now);
        var missing = new List<string>();
        var title = $"{clock.Definition.Report.Name}: {incident.Summary.Number}";
        var text = new StringBuilder();
        text.Append("# ").Append(Escape(title)).Append("\n\n");
        text.Append("- ").Append(Escape(clock.Definition.RegimeName)).Append('\n');
        text.Append("- Source: ").Append(Escape(clock.Definition.Source)).Append('\n');
        text.Append("- To: ").Append(Escape(string.Join(", ", clock.Definition.Report.To))).Append('\n');
        text.Append("- Due: ").Append(clock.DueAt is { } due ? ClockDesk.Stamp(due) : "not running yet").Append('\n');
        text.Append("- Drafted: ").Append(ClockDesk.Stamp(now)).Append('\n');
        foreach (var field in clock.Definition.Report.Fields)
        {
            text.Append("\n## ").Append(Escape(field.Label)).Append('\n');
            var lines = field.From is { } from && Fill.TryGetValue(from, out var fill) ? fill(known).Where(l => l.Length > 0).Take(50).ToList() : [];
            if (lines.Count == 0)
            {
                missing.Add(field.Label);
                text.Append(Missing).Append('\n');
            }
            else if (lines.Count == 1) text.Append(Escape(lines[0])).Append('\n');
            else foreach (var line in lines) text.Append("- ").Append(Escape(line)).Append('\n');
        }
        return new ReportDraft(clock.Id, title, text.ToString(), missing);
    }

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
