using System.Globalization;
using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Web.Surroundings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Web.Tests.Surroundings;

public sealed class SurroundingsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = TimeProvider.System.GetUtcNow().AddHours(-2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-around-");
    private DuckDbEventStore _store = null!;
    private long _sequence;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new DuckDbEventStore(new DuckDbOptions { Directory = _folder.FullName, MemoryMegabytes = 256, MinimumFreeMegabytes = 16 }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await _store.OpenAsync(None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tree_AncestorsSiblingsAndChildren_AreFoundByIdOrByNumberAndName(bool ids)
    {
        var services = Start(10, "pc", "services.exe", 600, "wininit.exe", 500, ids);
        var psexec = Start(20, "pc", "PSEXESVC.exe", 700, "services.exe", 600, ids);
        var cmd = Start(30, "pc", "cmd.exe", 800, "PSEXESVC.exe", 700, ids);
        var whoami = Start(40, "pc", "whoami.exe", 900, "cmd.exe", 800, ids);
        var subject = Start(50, "pc", "mbw.exe", 1000, "cmd.exe", 800, ids);
        var child = Start(60, "pc", "curl.exe", 1100, "mbw.exe", 1000, ids);
        var elsewhere = Start(61, "other", "evil.exe", 1200, "mbw.exe", 1000, ids: false);
        await AppendAsync(services, psexec, cmd, whoami, subject, child, elsewhere);

        var tree = (await new ProcessTreeReader(_store).ReadAsync(subject, None))!;
        Assert.Equal([(0, "wininit.exe"), (1, "services.exe"), (2, "PSEXESVC.exe"), (3, "cmd.exe"), (4, "whoami.exe"), (4, "mbw.exe"), (5, "curl.exe")], tree.Nodes.Select(n => (n.Depth, n.Name)));
        Assert.Equal("mbw.exe", Assert.Single(tree.Nodes, n => n.Subject).Name);
        Assert.False(tree.Cut);
        Assert.Null(tree.Nodes[0].EventId);
        Assert.Equal(subject.Id.ToString(), tree.Nodes[5].EventId);
    }

    [Fact]
    public async Task Tree_EventOfARunningProcess_StartsFromItsStart()
    {
        var start = Start(10, "pc", "upd.exe", 700, "explorer.exe", 600, ids: true);
        var access = Event(20, ("host.name", "pc"), ("event.category", "process"), ("event.type", "access"), ("process.entity_id", "{700}"), ("process.executable", @"C:\upd.exe"), ("process.pid", "700"));
        await AppendAsync(start, access);
        var tree = (await new ProcessTreeReader(_store).ReadAsync(access, None))!;
        Assert.Equal(["explorer.exe", "upd.exe"], tree.Nodes.Select(n => n.Name));
        Assert.Equal(start.Id.ToString(), tree.Nodes[1].EventId);
    }

    [Fact]
    public async Task Tree_NumberCameRound_IsNotTakenForTheParent()
    {
        var other = Start(10, "pc", "notepad.exe", 800, "explorer.exe", 600, ids: false);
        var subject = Start(50, "pc", "whoami.exe", 900, "cmd.exe", 800, ids: false);
        await AppendAsync(other, subject);
        Assert.Equal(["cmd.exe", "whoami.exe"], (await new ProcessTreeReader(_store).ReadAsync(subject, None))!.Nodes.Select(n => n.Name));
    }

    [Fact]
    public async Task Tree_AThousandChildrenAndACircle_StaysBounded()
    {
        var events = new List<SecurityEvent> { Start(1, "pc", "a.exe", 10, "b.exe", 20, true), Start(2, "pc", "b.exe", 20, "a.exe", 10, true) };
        for (var i = 0; i < 1_000; i++) events.Add(Start(3 + i, "pc", "c.exe", 1000 + i, "b.exe", 20, true));
        await AppendAsync([.. events]);
        var tree = (await new ProcessTreeReader(_store).ReadAsync(events[1], None))!;
        Assert.True(tree.Cut);
        Assert.InRange(tree.Nodes.Count, 2, ProcessTreeReader.MaxAncestors + 1 + 3 * ProcessTreeReader.MaxChildren);
    }

    [Fact]
    public async Task Tree_NoProcessOrHost_IsNone()
    {
        Assert.Null(await new ProcessTreeReader(_store).ReadAsync(Event(1, ("host.name", "pc"), ("message", "x")), None));
        Assert.Null(await new ProcessTreeReader(_store).ReadAsync(Event(2, ("process.name", "x")), None));
    }

    [Fact]
    public async Task Session_SameLoginProcess_IsReadInOrder()
    {
        SecurityEvent Sshd(int at, string pid, string host = "bas") => Event(at, ("host.name", host), ("process.name", "sshd"), ("process.pid", pid), ("message", "m" + at));
        SecurityEvent[] events = [Sshd(1, "7"), Sshd(2, "8"), Sshd(3, "7"), Sshd(4, "7", "other"), Sshd(5, "7")];
        await AppendAsync(events);
        var trail = (await new SessionReader(_store).ReadAsync(events[2], None))!;
        Assert.Equal(("process.pid", "7"), (trail.Field, trail.Value));
        Assert.Equal([1, 3, 5], trail.Events.Select(e => e.Sequence));
        Assert.Null(await new SessionReader(_store).ReadAsync(events[1], None));
    }

    [Theory]
    [InlineData("winlog.logon.id", "0x3e7", null)]
    [InlineData("winlog.logon.id", "0x8fa21", "winlog.logon.id")]
    [InlineData("session.id", "42", "session.id")]
    [InlineData("zeek.uid", "Cx1", "zeek.uid")]
    [InlineData("message", "x", null)]
    public void Session_Key_IsTheMostTelling(string field, string value, string? expected) =>
        Assert.Equal(expected, SessionReader.KeyOf(Event(1, ("host.name", "pc"), ("winlog.channel", "Security"), (field, value)))?.Field);

    private SecurityEvent Start(int at, string host, string name, int pid, string parent, int parentPid, bool ids)
    {
        var e = Event(at, ("host.name", host), ("event.category", "process"), ("event.type", "start"), ("process.executable", @"C:\Windows\" + name), ("process.command_line", name + " /x"), ("process.pid", pid.ToString(CultureInfo.InvariantCulture)),
            ("process.parent.executable", @"C:\Windows\" + parent), ("process.parent.pid", parentPid.ToString(CultureInfo.InvariantCulture)));
        if (!ids) return e;
        e.Add("process.entity_id", $"{{{pid}}}");
        e.Add("process.parent.entity_id", $"{{{parentPid}}}");
        return e;
    }

    private SecurityEvent Event(int at, params (string Field, string Value)[] fields)
    {
        var sequence = ++_sequence;
        var e = new SecurityEvent { Id = SecurityEventId.From(7, sequence), Sequence = sequence, Source = "test", Timestamp = Noon.AddSeconds(at), Received = Noon.AddSeconds(at) };
        foreach (var (field, value) in fields) e.Add(field, value);
        return e;
    }

    private Task AppendAsync(params SecurityEvent[] events) => _store.AppendAsync(events, events.Max(e => e.Sequence), None);
}
