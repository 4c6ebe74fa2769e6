using System.Diagnostics;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents;

/// <summary>An incident whose timeline has 100,000 entries: what is read of it at once stays small, and its chain whole.</summary>
public sealed class LargeTimelineTests(ITestOutputHelper output)
{
    private const int Batch = 10_000;

    // PostgreSQL takes several times as long for the same statements.
    private static readonly int Entries = Environment.GetEnvironmentVariable("BEACON_TEST_STATE") == "postgres" ? 10_000 : 100_000;

    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    [Fact]
    public async Task Timeline_OfHundredThousandEntries_IsReadInPagesAndVerifiedWhole()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var id = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0].Id;
        var before = (await house.Incidents.VerifyTimelineAsync(id)).Checked;
        var database = house.Get<AlertingDatabase>();
        for (var from = 0; from < Entries; from += Batch)
        {
            Assert.True((await database.TryWriteAsync(unit =>
            {
                for (var i = 0; i < Batch; i++) Timeline.Append(unit, id, unit.Now, TimelineKind.Note, "ann", $"entry {from + i}: seen on web-7, nothing done yet", "");
                return "added";
            }, TestContext.Current.CancellationToken)).Done);
        }

        async Task<T> TimedAsync<T>(string what, Func<Task<T>> work)
        {
            var began = Stopwatch.GetTimestamp();
            var done = await work();
            output.WriteLine($"{what}: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F1} ms");
            return done;
        }
        var page = await TimedAsync("a page of 200 in the middle", () => house.Incidents.TimelineAsync(id, Entries / 2, 200));
        Assert.Equal(Enumerable.Range(Entries / 2 + 1, 200).Select(n => (long)n), page.Select(e => e.Sequence));
        Assert.Equal(1_000, (await TimedAsync("all that one may ask for at once", () => house.Incidents.TimelineAsync(id, 0, int.MaxValue))).Count);
        var note = await TimedAsync("a note", () => house.Incidents.AddNoteAsync(id, "the last word", Ann));
        Assert.Equal(before + Entries + 1, note.Value!.Sequence);
        Assert.NotNull(await TimedAsync("the incident", () => house.Incidents.FindAsync(id)));
        foreach (var format in Enum.GetValues<ReportFormat>())
        {
            var report = await TimedAsync($"the report as {format}", () => house.Get<IIncidentReports>().WriteAsync(id, format, "TLP:RED", Ann));
            Assert.InRange(report.Value!.Text.Length, 1_000, 4_000_000);
            Assert.Contains("the last word", report.Value.Text, StringComparison.Ordinal);
            Assert.DoesNotContain($"entry {Entries / 2}:", report.Value.Text, StringComparison.Ordinal);
        }
        var chain = await TimedAsync("verification", () => house.Incidents.VerifyTimelineAsync(id));
        Assert.Equal((before + Entries + 1 + Enum.GetValues<ReportFormat>().Length, null), (chain.Checked, chain.FirstBroken));
        await house.Database.WriteAsync(t => t.Execute("UPDATE alerting_timeline SET text = 'nothing was done' WHERE incident_id = @p0 AND sequence = @p1", id, Entries * 7L / 10));
        Assert.Equal(Entries * 7L / 10, (await house.Incidents.VerifyTimelineAsync(id)).FirstBroken);
    }
}
