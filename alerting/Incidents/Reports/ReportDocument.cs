using System.Globalization;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>A part of the report: sentences, or rows under columns.</summary>
internal sealed record ReportSection(string Title, IReadOnlyList<string> Lines, IReadOnlyList<string>? Columns = null, IReadOnlyList<IReadOnlyList<string>>? Rows = null);

/// <summary>The report before it has a form. Text from events stands in it: each form encodes it.</summary>
internal sealed record ReportDocument(string Title, string Tlp, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<ReportSection> Sections)
{
    private const int MaxRows = 500;

    public static ReportDocument Of(ReportFacts f)
    {
        var i = f.Incident.Summary;
        var facts = new List<(string, string)>
        {
            ("Severity", i.Severity.ToString()), ("Status", i.Status.ToString()), ("Owner", i.Owner ?? "nobody"), ("Began", Stamp(i.StartedAt)), ("Opened", Stamp(i.OpenedAt)),
            ("Closed", i.ClosedAt is { } closed ? Stamp(closed) : "still open"), ("Lasted", Words.Age((i.ClosedAt ?? i.UpdatedAt) - i.StartedAt)),
            ("Alerts", Number(i.AlertCount)), ("Timeline", f.Chain.Intact ? $"{Number(f.Chain.Checked)} entries, chain intact, head {f.Chain.Head}" : $"BROKEN at entry {Number(f.Chain.FirstBroken ?? 0)}"),
        };
        if (f.Warning is { } w) facts.Add(("Warning", $"{w.Number}, {Words.Level(w.Level)}, {w.State}: {w.Clause}"));
        return new ReportDocument($"{i.Number}: {i.Title}", f.Tlp, facts, [.. SectionsOf(f).Where(s => s.Lines.Count > 0 || s.Rows is { Count: > 0 })]);
    }

    private static IEnumerable<ReportSection> SectionsOf(ReportFacts f)
    {
        var d = f.Incident;
        yield return new("What happened", f.Body is { WhatHappened.Length: > 0 } body ? WhatHappenedText.LinesOf(body.WhatHappened) : [.. d.Alerts.OrderBy(a => a.FirstSeen).Take(20).Select(a => $"{Stamp(a.FirstSeen)}: {a.Title}")]);
        yield return Table("Detection", ["First seen", "Alert", "Severity", "What", "Detections", "Turned out"], d.Alerts.OrderBy(a => a.FirstSeen).Select(a => Row(Stamp(a.FirstSeen), a.Number, a.Severity.ToString(), a.Title, Number(a.Count), a.Disposition.ToString())));
        yield return Table("Affected", ["Kind", "Name", "Asset", "Importance", "First seen", "Last seen"], d.Entities.Select(e => Row(e.Entity.Kind.ToString(), e.Entity.Value, e.AssetName ?? "", e.AssetId is null ? "" : Words.Importance(e.Importance).ToString(), Stamp(e.FirstSeen), Stamp(e.LastSeen))));
        yield return new("Course of the attack (ATT&CK)", [.. d.Stages.Select(s => "Tactic: " + s), .. d.Techniques.Select(t => "Technique: " + t)]);
        yield return Table("Response", ["Time", "Who", "What"], f.Entries.Where(e => e.Actor != Actor.SystemName && e.Kind is not (TimelineKind.Note or TimelineKind.Comment)).Select(e => Row(Stamp(e.Time), e.Actor, e.Text)));
        yield return Table("Notes", ["Time", "Who", "Note"], f.Entries.Where(e => e.Kind is TimelineKind.Note or TimelineKind.Comment).Select(e => Row(Stamp(e.Time), e.Actor, e.Text)));
        yield return Table("Tasks", ["Task", "For", "State"], d.Tasks.Select(t => Row(t.Text, t.Assignee ?? "", t.Done ? $"done by {t.DoneBy}, {Stamp(t.DoneAt!.Value)}" : "open" + (t.DueAt is { } due ? ", due " + Stamp(due) : ""))));
        yield return Table("Hand-overs", ["Time", "From", "To", "Note", "Taken over"], d.HandOvers.Reverse().Select(h => Row(Stamp(h.At), h.From, h.To, h.Note, h.AcknowledgedAt is { } at ? Stamp(at) : "not yet")));
        yield return Table("Evidence", ["Name", "Bytes", "SHA-256", "Added", "Held by"], f.Evidence.Select(e => Row(e.Name, Number(e.Size), e.Sha256, $"{e.AddedBy}, {Stamp(e.AddedAt)}", e.RemovedAt is null ? e.Holder : "removed: " + e.RemovedReason)));
        yield return Table("Reports that the law wants", ["Regime", "Report", "State", "Due", "Sent"], f.Clocks.Select(c => Row(c.Regime, c.Report, c.State, c.DueAt is { } due ? Stamp(due) : "", c.SentAt is { } sent ? Stamp(sent) : "")));
        yield return Table("Related incidents", ["Number", "Title", "Tie", "Why"], d.Related.Select(r => Row(r.Number, r.Title, r.Kind.ToString(), r.Reason)));
        yield return new("Recommended measures", [.. f.Advice.Select(a => $"{a.Technique}: {a.Text}")]);
        yield return Table(f.EntriesBefore > 0 ? $"Timeline ({Number(f.EntriesBefore)} earlier entries left out)" : "Timeline", ["No.", "Time", "Kind", "Who", "What", "Hash"],
            f.Entries.Select(e => Row(Number(e.Sequence), Stamp(e.Time), e.Kind.ToString(), e.Actor, e.Text, e.Hash)), 2_000);
    }

    private static ReportSection Table(string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, int most = MaxRows)
    {
        var taken = rows.Take(most + 1).ToList();
        return new(title, taken.Count > most ? [$"The first {Number(most)} are shown."] : [], columns, [.. taken.Take(most)]);
    }

    private static string[] Row(params string[] cells) => cells;
    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);
    private static string Stamp(DateTimeOffset at) => ClockDesk.Stamp(at);
}
