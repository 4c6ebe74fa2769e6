using Beacon.Events;
using Beacon.Storage.DuckDb;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Storage.Tests.DuckDb;

public sealed class DuckDbEventStoreTests : EventStoreContract
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("beacon-store-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private DuckDbEventStore _store = null!;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    protected override async Task<IEventStore> OpenEmptyAsync() => _store = await OpenAsync();

    protected override async ValueTask CloseAsync()
    {
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<DuckDbEventStore> OpenAsync(int minimumFree = 16)
    {
        var store = new DuckDbEventStore(new DuckDbOptions { Directory = _directory.FullName, MemoryMegabytes = 256, MinimumFreeMegabytes = minimumFree }, _clock, NullLogger<DuckDbEventStore>.Instance);
        await store.OpenAsync(None);
        return store;
    }

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = await OpenAsync();
    }

    [Fact]
    public async Task Open_AfterStop_KnowsWhatWasCommitted()
    {
        await _store.AppendAsync([Event(1), Event(2)], 3, None);
        await ReopenAsync();
        Assert.Equal(3, _store.CommittedSequence);
        Assert.Equal(2, await _store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Open_FileOfAnEarlierVersion_GetsTheNewColumnsWithTheirValues()
    {
        var e = Event(1, ("winlog.provider_name", "Sysmon"), ("winlog.event_data.A B", "x\"y"), ("host.name", "h"));
        e.Add("winlog.event_id"u8, "7"u8, ValueKind.Number);
        var odd = Event(2, ("winlog.event_id", "seven"));
        await _store.AppendAsync([e, odd], 2, None);
        await _store.DisposeAsync();
        var file = Directory.GetFiles(_directory.FullName, "*.duckdb").Single();
        using (var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=" + file))
        {
            // As it was before these columns: the values stood in "rest".
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE events SET rest = '{"winlog.event_id":7,"winlog.provider_name":"Sysmon","winlog.event_data.A B":"x\"y"}' WHERE sequence = 1;
                UPDATE events SET rest = '{"winlog.event_id":"seven"}', multi = NULL WHERE sequence = 2;
                ALTER TABLE events DROP COLUMN spaced; ALTER TABLE events DROP COLUMN "winlog.event_id"; ALTER TABLE events DROP COLUMN "winlog.provider_name";
                """;
            command.ExecuteNonQuery();
        }
        _store = await OpenAsync();
        Assert.Equal([1], (await _store.SearchAsync(new EventQuery { Filter = EventFilter.And(EventFilter.Equal("winlog.event_id", "7"), EventFilter.Equal("winlog.provider_name", "sysmon")) }, None)).Events.Select(x => x.Sequence));
        var back = await _store.GetAsync(e.Id, None);
        Assert.Equal(("7", "Sysmon", "x\"y", "h", 4), (back!.GetText("winlog.event_id"), back.GetText("winlog.provider_name"), back.GetText("winlog.event_data.A B"), back.GetText("host.name"), back.Count));
        Assert.Equal(1, await _store.CountAsync(new FieldNameFilter("winlog.event_data.* *"), TimeRange.Unbounded, None));
        Assert.Equal("seven", (await _store.GetAsync(odd.Id, None))!.GetText("winlog.event_id"));
        await _store.AppendAsync([Event(3, ("winlog.event_id", "7"))], 3, None);
        Assert.Equal(2, await _store.CountAsync(EventFilter.Equal("winlog.event_id", "7"), TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Append_OnTheNextDay_OpensAFileAndSearchesBoth()
    {
        await _store.AppendAsync([Event(1)], 1, None);
        _clock.Advance(TimeSpan.FromDays(1));
        await _store.AppendAsync([Event(2)], 2, None);
        await ReopenAsync();
        Assert.Equal(2, _store.CommittedSequence);
        Assert.Equal([2, 1], (await _store.SearchAsync(new EventQuery(), None)).Events.Select(e => e.Sequence));
        Assert.Equal(["2026-03-02", "2026-03-01"], (await _store.StatusAsync(None)).Parts.Select(p => p.Name));
    }

    [Fact]
    public async Task RemoveBefore_UnlinksWholeDaysAndKeepsTheSequence()
    {
        await _store.AppendAsync([Event(1)], 41, None);
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(1, await _store.RemoveBeforeAsync(_clock.GetUtcNow().AddDays(-5), None));
        Assert.Equal(0, await _store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
        Assert.Empty(_directory.GetFiles("2026-03-01*"));
        await ReopenAsync();
        Assert.Equal(41, _store.CommittedSequence);
    }

    [Fact]
    public async Task RemoveBefore_NothingOld_RemovesNothing()
    {
        await _store.AppendAsync([Event(1)], 1, None);
        Assert.Equal(0, await _store.RemoveBeforeAsync(_clock.GetUtcNow().AddDays(1), None));
        Assert.Equal(1, await _store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Open_DamagedDayFile_MovesItAsideAndGoesOn()
    {
        await _store.AppendAsync([Event(1)], 1, None);
        _clock.Advance(TimeSpan.FromDays(1));
        await _store.AppendAsync([Event(2)], 2, None);
        await _store.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "2026-03-01.duckdb"), new string('x', 20_000), None);
        _store = await OpenAsync();
        Assert.Equal([2], (await _store.SearchAsync(new EventQuery(), None)).Events.Select(e => e.Sequence));
        Assert.Single(_directory.GetFiles("2026-03-01.duckdb.damaged-*"));
    }

    [Fact]
    public async Task Append_DiskNearlyFull_RefusesAndStoresNothing()
    {
        await _store.DisposeAsync();
        _store = await OpenAsync(minimumFree: 1_048_576 * 64);
        await Assert.ThrowsAsync<IOException>(() => _store.AppendAsync([Event(1)], 1, None));
        Assert.Equal(0, _store.CommittedSequence);
    }

    [Fact]
    public async Task Append_ClockSetBack_StoresAndFinds()
    {
        await _store.AppendAsync([Event(1)], 1, None);
        await _store.DisposeAsync();
        var earlier = new FakeTimeProvider(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        _store = new DuckDbEventStore(new DuckDbOptions { Directory = _directory.FullName, MinimumFreeMegabytes = 16 }, earlier, NullLogger<DuckDbEventStore>.Instance);
        await _store.OpenAsync(None);
        await _store.AppendAsync([Event(2)], 2, None);
        Assert.Equal(2, await _store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }
}
