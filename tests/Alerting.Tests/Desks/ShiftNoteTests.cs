using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Desks;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Desks;

public sealed class ShiftNoteTests
{
    private static readonly Actor Ann = new("ann"), Ben = new("ben");

    [Fact]
    public async Task Write_OpenAndShelvedAlerts_StandInItWithWhoHasThem()
    {
        using var house = new TestHouse();
        var notes = house.Get<IShiftNotes>();
        await house.TakeAsync(Detections.Of(rule: "a", host: "one", severity: Severity.Low), Detections.Of(rule: "b", host: "two", severity: Severity.Low), Detections.Of(rule: "c", host: "three", severity: Severity.Low));
        var all = (await house.Alerts.ListAsync(new Beacon.Alerting.Alerts.AlertQuery())).Items.OrderBy(a => a.Id).ToList();
        await house.Alerts.AcknowledgeAsync(all[0].Id, all[0].Version, Ann);
        await house.Alerts.ShelveAsync(all[1].Id, all[1].Version, house.Clock.GetUtcNow().AddHours(2), Ann, "patching");

        var written = (await notes.WriteAsync(" The bastion is quiet again. ", Ann)).Value!;
        var note = (await notes.FindAsync(written.Id))!;
        Assert.Equal(("ann", "The bastion is quiet again.", 2), (note.Author, note.Note, note.OpenAlerts));
        Assert.Contains(note.Lines, l => l is { Kind: ShiftLineKind.Alert, Owner: "ann", State: "Acknowledged" } && l.Id == all[0].Id);
        Assert.Contains(note.Lines, l => l is { Kind: ShiftLineKind.Alert, Owner: null, State: "New" } && l.Id == all[2].Id);
        Assert.Contains(note.Lines, l => l.Kind == ShiftLineKind.Shelved && l.Id == all[1].Id && l.Until == house.Clock.GetUtcNow().AddHours(2));
        Assert.Equal("shift.write", Assert.Single(await house.Audit.QueryAsync(new AuditQuery { Object = $"shift:{note.Id}" })).Action);

        // What is done afterwards leaves the note as it was.
        await house.Alerts.AssignAsync(all[2].Id, all[2].Version, "cai", Ben);
        Assert.Contains((await notes.FindAsync(note.Id))!.Lines, l => l.Id == all[2].Id && l.Owner is null);
    }

    [Fact]
    public async Task Read_ByAnother_IsKeptOnceAndTold()
    {
        using var house = new TestHouse();
        var notes = house.Get<IShiftNotes>();
        var note = (await notes.WriteAsync("all quiet", Ann)).Value!;
        Assert.Empty((await notes.ReadAsync(note.Id, Ann)).Value!.Reads);
        Assert.Equal(2, (await notes.ReadAsync(note.Id, Ben)).Value!.Version);
        Assert.Equal(2, (await notes.ReadAsync(note.Id, Ben)).Value!.Version);
        Assert.Equal("ben", Assert.Single((await notes.ListAsync())[0].Reads).Account);
        Assert.Equal(RefusalKind.NotFound, (await notes.ReadAsync(99, Ben)).Refusal!.Kind);
        Assert.Equal([1, 2], (await house.Feed.ReadAfterAsync(0)).Changes.Where(c => c.Kind == ChangeKind.Shift).Select(c => c.Version));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Write_Nothing_IsRefused(string text)
    {
        using var house = new TestHouse();
        Assert.Equal(RefusalKind.Invalid, (await house.Get<IShiftNotes>().WriteAsync(text, Ann)).Refusal!.Kind);
        Assert.Equal(RefusalKind.Invalid, (await house.Get<IShiftNotes>().WriteAsync(new string('x', IShiftNotes.MaxNoteLength + 1), Ann)).Refusal!.Kind);
        Assert.Empty(await house.Get<IShiftNotes>().ListAsync());
    }
}
