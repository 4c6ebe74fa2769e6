using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>What every store must do. A store's test class inherits this and says how to open an empty one.</summary>
public abstract partial class EventStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static CancellationToken None => TestContext.Current.CancellationToken;

    protected IEventStore Store { get; private set; } = null!;

    protected abstract Task<IEventStore> OpenEmptyAsync();
    protected abstract ValueTask CloseAsync();

    public async ValueTask InitializeAsync() => Store = await OpenEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected static SecurityEvent Event(long sequence, params (string Field, string Value)[] fields)
    {
        var e = new SecurityEvent
        {
            Id = SecurityEventId.From(7, sequence), Sequence = sequence, Source = "test",
            Timestamp = Noon.AddSeconds(sequence), Received = Noon.AddSeconds(sequence),
        };
        foreach (var (field, value) in fields) e.Add(field, value);
        return e;
    }

    private async Task<List<long>> FoundAsync(EventFilter filter)
    {
        var page = await Store.SearchAsync(new EventQuery { Filter = filter, OldestFirst = true, Limit = 1000 }, None);
        return [.. page.Events.Select(e => e.Sequence)];
    }

    private async Task FillAsync()
    {
        var listed = Event(5, ("event.category", "network"), ("event.category", "process"), ("zeek.list", "a"), ("zeek.list", "b\"c"));
        foreach (var address in new[] { "198.51.100.1", "192.0.2.9", "2001:db8:7::1" }) listed.Add("host.ip", address);
        listed.Add("zeek.null"u8, default, ValueKind.Null);
        listed.Add("zeek.null"u8, default, ValueKind.Null);
        listed.Add("zeek.count"u8, "10"u8, ValueKind.Number);
        await Store.AppendAsync(
        [
            Event(1, ("user.name", "root"), ("source.ip", "10.1.2.3"), ("source.port", "22")),
            Event(2, ("user.name", "O'Brien"), ("source.ip", "2001:db8::5"), ("source.port", "1024"), ("winlog.event_data.Threat Name", "x")),
            Event(3, ("process.command_line", "copy 100%_done *.txt"), ("host.name", "\u0130"), ("host.name", "x\u212Ay")),
            Event(4, ("host.name", "i\u1E9E"), ("host.name", "K"), ("process.command_line", "a\0b"), ("winlog.event_data.TargetImage", "C:\\Windows\\lsass.exe")),
            listed,
        ], 5, None);
    }
}
