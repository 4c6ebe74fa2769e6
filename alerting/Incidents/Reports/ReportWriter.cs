using System.Globalization;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>Says the facts of an incident in the language of the current UI culture.</summary>
/// <param name="names">Of playbooks and steps by their run.</param>
internal sealed class ReportWriter(IReportWords words, Func<string, string?, string?> names)
{
    private const int MaxRows = 500;

    public ReportDocument Write(ReportFacts f, string language)
    {
        var i = f.Incident.Summary;
        var facts = new List<(string, string)>
        {
            (Say("Severity"), Say(Names.Of(i.Severity))), (Say("Status"), Say(Names.Of(i.Status))), (Say("Owner"), i.Owner ?? Say("nobody")), (Say("Began"), Stamp(i.StartedAt)), (Say("Opened"), Stamp(i.OpenedAt)),
            (Say("Closed"), i.ClosedAt is { } closed ? Stamp(closed) : Say("still open")), (Say("Lasted"), Say(Words.Age((i.ClosedAt ?? i.UpdatedAt) - i.StartedAt))),
            (Say("Alerts"), Number(i.AlertCount)), (Say("Timeline"), f.Chain.Intact ? Say($"{Number(f.Chain.Checked)} entries, chain intact, head {f.Chain.Head}") : Say($"BROKEN at entry {Number(f.Chain.FirstBroken ?? 0)}")),
        };
        if (f.Warning is { } w) facts.Add((Say("Warning"), Say($"{w.Number}, {Words.Level(w.Level)}, {Names.Of(w.State)}: {words.Clause(w.Clause)}")));
        return new ReportDocument(language, Say($"{i.Number}: {words.Title(i.Title)}"), f.Tlp, Colon, facts, [.. SectionsOf(f).Where(s => s.Lines.Count > 0 || s.Rows is { Count: > 0 })]);
    }

    private IEnumerable<ReportSection> SectionsOf(ReportFacts f)
    {
        var d = f.Incident;
        yield return new(Say("What happened"), f.Body is { WhatHappened.Length: > 0 } body
            ? [.. WhatHappenedText.LinesOf(body.WhatHappened).Select(words.Happened)] : [.. d.Alerts.OrderBy(a => a.FirstSeen).Take(20).Select(a => Say($"{Stamp(a.FirstSeen)}: {words.Title(a.Title)}"))]);
        yield return Table("Detection", ["First seen", "Alert", "Severity", "What", "Detections", "Turned out"],
            d.Alerts.OrderBy(a => a.FirstSeen).Select(a => Row(Stamp(a.FirstSeen), a.Number, Say(Names.Of(a.Severity)), words.Title(a.Title), Number(a.Count), Say(Names.Of(a.Disposition)))));
        yield return Table("Affected", ["Kind", "Name", "Asset", "Importance", "First seen", "Last seen"],
            d.Entities.Select(e => Row(Say(Names.Of(e.Entity.Kind)), e.Entity.Value, e.AssetName ?? "", e.AssetId is null ? "" : Say(Words.Importance(e.Importance)), Stamp(e.FirstSeen), Stamp(e.LastSeen))));
        yield return new(Say("Course of the attack (ATT&CK)"), [.. d.Stages.Select(s => Say($"Tactic: {words.Tactic(s)}")), .. d.Techniques.Select(t => Say($"Technique: {t}"))]);
        yield return Table("Response", ["Time", "Who", "What"], f.Entries.Where(e => e.Actor != Actor.SystemName && e.Kind is not (TimelineKind.Note or TimelineKind.Comment)).Select(e => Row(Stamp(e.Time), e.Actor, Said(e))));
        yield return Table("Notes", ["Time", "Who", "Note"], f.Entries.Where(e => e.Kind is TimelineKind.Note or TimelineKind.Comment).Select(e => Row(Stamp(e.Time), e.Actor, Said(e))));
        yield return Table("Tasks", ["Task", "For", "State"], d.Tasks.Select(t => Row(t.Text, t.Assignee ?? "", StateOf(t))));
        yield return Table("Hand-overs", ["Time", "From", "To", "Note", "Taken over"], d.HandOvers.Reverse().Select(h => Row(Stamp(h.At), h.From, h.To, h.Note, h.AcknowledgedAt is { } at ? Stamp(at) : Say("not yet"))));
        yield return Table("Evidence", ["Name", "Bytes", Phrase.Plain("SHA-256"), "Added", "Held by"],
            f.Evidence.Select(e => Row(e.Name, Number(e.Size), e.Sha256, Say($"{e.AddedBy}, {Stamp(e.AddedAt)}"), e.RemovedAt is null ? e.Holder : Say($"removed: {e.RemovedReason}"))));
        yield return Table("Reports that the law wants", ["Regime", "Report", "State", "Due", "Sent"],
            f.Clocks.Select(c => Row(words.Ours(c.Regime), words.Ours(c.Report), Say(Names.Of(c.State)), c.DueAt is { } due ? Stamp(due) : "", c.SentAt is { } sent ? Stamp(sent) : "")));
        yield return Table("Related incidents", ["Number", "Title", "Tie", "Why"], d.Related.Select(r => Row(r.Number, words.Title(r.Title), Say(Names.Of(r.Kind)), r.Reason)));
        yield return new(Say("Recommended measures"), [.. f.Advice.Select(a => Say($"{a.Technique}: {words.Ours(a.Text)}"))]);
        yield return Table(f.EntriesBefore > 0 ? (Phrase)$"Timeline ({Number(f.EntriesBefore)} earlier entries left out)" : "Timeline", ["No.", "Time", "Kind", "Who", "What", "Hash"],
            f.Entries.Select(e => Row(Number(e.Sequence), Stamp(e.Time), Say(Names.Of(e.Kind)), e.Actor, Said(e), e.Hash)), 2_000);
    }

    private ReportSection Table(Phrase title, IReadOnlyList<Phrase> columns, IEnumerable<IReadOnlyList<string>> rows, int most = MaxRows)
    {
        var taken = rows.Take(most + 1).ToList();
        return new(Say(title), taken.Count > most ? [Say($"The first {Number(most)} are shown.")] : [], [.. columns.Select(Say)], [.. taken.Take(most)]);
    }

    private string StateOf(IncidentTask task) =>
        task.Done ? Say($"done by {task.DoneBy}, {Stamp(task.DoneAt!.Value)}") : task.DueAt is { } due ? Say($"open, due {Stamp(due)}") : Say("open");

    // As the language writes it between a name and its value.
    private string Colon => Say($"{""}: {""}");

    private string Say(Phrase phrase) => words.Say(phrase);
    private string Said(TimelineEntry entry) => words.Entry(entry, names);
    private static string[] Row(params string[] cells) => cells;
    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);
    private static string Stamp(DateTimeOffset at) => ClockDesk.Stamp(at);
}
