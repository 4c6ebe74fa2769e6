using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Scheduled;

/// <summary>Ledger, shared scans and late events over a real store: what the store in memory only pretends.</summary>
public sealed class RealStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = LedgerHouse.Start;

    private readonly FakeTimeProvider _ingested = new(Start);
    private ChosenStore _chosen = null!;
    private long _sequence;

    private IEventStore Store => _chosen.Events;

    public async ValueTask InitializeAsync() => _chosen = await ChosenStore.OpenAsync(_ingested);

    public async ValueTask DisposeAsync()
    {
        if (_chosen is not null) await _chosen.DisposeAsync();
    }

    [Fact]
    public async Task Late_EventsOnlyOfTouchedGroups_AreToldOfInARevision()
    {
        using var house = new LedgerHouse(events: Store);
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        await AddAsync("203.0.113.9", Start.AddSeconds(10), 3);
        await AddAsync("203.0.113.10", Start.AddSeconds(20), 2);
        await house.LookAsync(process, Start.AddMinutes(2).AddSeconds(6));
        await process.Look.LateAsync(default);
        Assert.Equal(["203.0.113.9"], house.Sink.Taken.Select(static d => d.Entity.Value));
        await AddAsync("203.0.113.10", Start.AddSeconds(40), 1, received: Start.AddMinutes(2).AddSeconds(30));
        house.MoveTo(Start.AddMinutes(3).AddSeconds(6));
        await process.Look.LateAsync(default);
        await process.LookAsync();
        Assert.Equal(["203.0.113.9", "203.0.113.10"], house.Sink.Taken.Select(static d => d.Entity.Value));
        Assert.Single(await house.WindowsAsync(), static w => w.Revision == 1);
        Assert.All(await house.Sink.StoredAsync(), static t => Assert.Equal(1, t.Times));
    }

    [Fact]
    public async Task Live_ManyRulesOfOneWindow_AgreeWithEachAskedAlone()
    {
        using var house = new LedgerHouse(events: Store);
        for (var i = 10; i < 60; i++) house.WriteRule(id: $"6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7d{i}", outcome: i % 2 == 0 ? "failure" : "success");
        for (var i = 0; i < 5; i++) await AddAsync($"203.0.113.{i}", Start.AddSeconds(i), i);
        await house.LookAsync(await house.StartAsync(), Start.AddSeconds(66));
        // Addresses 3 and 4 have three failures and more; nobody has a success.
        Assert.Equal(2 * 26, house.Sink.Taken.Count);
        Assert.All(await house.WindowsAsync(), static w => Assert.Equal(WindowState.Done, w.State));
    }

    [Fact]
    public async Task Overdue_DayWithoutTheProgram_IsMadeUpFromWhatIsStored()
    {
        using var house = new LedgerHouse(events: Store, configure: static o => o.WindowsPerLook = 10_000);
        house.WriteRule("window: 10m");
        await house.LookAsync(await house.StartAsync(), Start.AddMinutes(11));
        for (var hour = 1; hour < 24; hour++) await AddAsync("203.0.113.9", Start.AddHours(hour).AddSeconds(30), 3);
        house.MoveTo(Start.AddDays(1));
        await house.StartAsync();
        Assert.Equal(23, (await house.Sink.StoredAsync()).Count);
        Assert.Equal(1, (await house.SummaryAsync(TimeSpan.FromDays(2))).EvaluatedShare);
    }

    private async Task AddAsync(string address, DateTimeOffset from, int count, DateTimeOffset? received = null)
    {
        var events = new List<SecurityEvent>();
        for (var i = 0; i < count; i++)
        {
            var e = new SecurityEvent { Id = SecurityEventId.From(1, ++_sequence), Sequence = _sequence, Source = "test", Timestamp = from.AddSeconds(i), Received = received ?? from.AddSeconds(i) };
            e.Add(Field.SourceIp, address);
            e.Add(Field.EventOutcome, "failure");
            events.Add(e);
        }
        if (events.Count > 0) await Store.AppendAsync(events, _sequence, default);
    }
}
