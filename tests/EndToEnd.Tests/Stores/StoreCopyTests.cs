using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Storage.Tests.Elasticsearch;
using Beacon.Web.Commands;
using Beacon.Web.Commands.Copy;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.EndToEnd.Tests.Stores;

/// <summary>The copy of a whole installation's events, from the embedded store to a real Elasticsearch and back.</summary>
public sealed class StoreCopyTests : IAsyncLifetime
{
    private const int Count = 12_000;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-copy-");
    private TestIndices _indices = null!;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private string Data(string name) => Path.Combine(_folder.FullName, name);

    public ValueTask InitializeAsync()
    {
        _indices = new TestIndices(TestServer.Elasticsearch().Address);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        if (_indices is not null) await _indices.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Copy_ThereBrokenOffResumedAndBack_HoldsTheSameEventsByDayOfIngestion()
    {
        var first = await FillAsync(Data("a"));

        // Broken off after its first span.
        using (var stop = new CancellationTokenSource())
        {
            var copyClock = new CopyClock();
            await using var source = new DuckDbEventStore(Options("a"), TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
            await source.OpenAsync(None);
            await using var target = new Storage.Elasticsearch.ElasticsearchEventStore(_indices.Options(), null, copyClock, NullLogger<Storage.Elasticsearch.ElasticsearchEventStore>.Instance);
            await target.OpenAsync(None);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new EventCopier(source, target, copyClock, _ => stop.Cancel()).CopyAsync(stop.Token));
            Assert.InRange(target.CommittedSequence, 1, first - 1);
        }

        var (code, said) = await RunAsync("a", "duckdb", "elasticsearch");
        Assert.True(code == 0, said);
        Assert.Contains("going on behind it", said, StringComparison.Ordinal);
        Assert.Contains("Both hold the same", said, StringComparison.Ordinal);

        (code, said) = await RunAsync("b", "elasticsearch", "duckdb");
        Assert.True(code == 0, said);
        await using var back = new DuckDbEventStore(Options("b"), TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await back.OpenAsync(None);
        Assert.Equal(first, back.CommittedSequence);
        Assert.Equal(["2026-03-03", "2026-03-02", "2026-03-01"], (await back.StatusAsync(None)).Parts.Select(p => p.Name));
    }

    [Fact]
    public async Task Copy_TargetWithAnotherEvent_IsFoundAndEndsWithOne()
    {
        await FillAsync(Data("a"));
        Assert.Equal(0, (await RunAsync("a", "duckdb", "elasticsearch")).Code);
        // As if a document had been changed behind Beacon's back.
        await _indices.SendAsync(HttpMethod.Post, $"{_indices.Prefix}-events/_refresh");
        await _indices.SendAsync(HttpMethod.Post, $"{_indices.Prefix}-events/_delete_by_query?refresh=true", """{"query":{"term":{"beacon.sequence":12345}}}""");
        var (code, said) = await RunAsync("a", "duckdb", "elasticsearch");
        Assert.Equal(1, code);
        Assert.Contains("differ", said, StringComparison.Ordinal);
    }

    private DuckDbOptions Options(string name) => new() { Directory = Path.Combine(Data(name), "events"), MemoryMegabytes = 256, MinimumFreeMegabytes = 16 };

    private async Task<long> FillAsync(string data)
    {
        var clock = new CopyClock();
        Directory.CreateDirectory(data);
        await using var store = new DuckDbEventStore(Options(Path.GetFileName(data)), clock, NullLogger<DuckDbEventStore>.Instance);
        await store.OpenAsync(None);
        for (var day = 0; day < 3; day++)
        {
            clock.Set(Noon.AddDays(day));
            var events = Enumerable.Range(day * (Count / 3) + 1, Count / 3).Select(n => Event(n, clock.GetUtcNow())).ToList();
            // Frames between were quarantined.
            await store.AppendAsync(events, events[^1].Sequence + 7, None);
        }
        return store.CommittedSequence;
    }

    private static SecurityEvent Event(int n, DateTimeOffset now)
    {
        var sequence = n * 3L;
        var e = new SecurityEvent { Id = SecurityEventId.From(9, sequence), Sequence = sequence, Source = "syslog-" + n % 3, Timestamp = now.AddSeconds(-n % 997).AddTicks(n * 10), Received = now.AddMilliseconds(n) };
        e.Add(Field.Message, $"Message {n} \"quoted\" C:\\Temp\\{n} ünï İ \0 end");
        e.Add(Field.UserName, "User" + n % 50);
        e.Add(Field.SourceIp, $"10.0.{n % 250}.{n % 200}");
        if (n % 7 == 0) e.Add(Field.SourceIp, "2001:db8::" + (n % 100));
        e.Add(Field.SourcePort, n % 65_000);
        if (n % 11 == 0) e.Add(Field.DestinationPort, "http");
        e.Add("zeek.count", (n / 8.0).ToString(System.Globalization.CultureInfo.InvariantCulture), ValueKind.Number);
        e.Add("labels.flag"u8, n % 2 == 0 ? "true"u8 : "false"u8, ValueKind.Boolean);
        if (n % 13 == 0) e.Add("labels.none"u8, default, ValueKind.Null);
        if (n % 4_000 == 0) e.Add(Field.EventReason, new string('L', 40_000) + n);
        return e;
    }

    private async Task<(int Code, string Said)> RunAsync(string data, string from, string to)
    {
        var settings = new { Elasticsearch = new { _indices.Prefix, Replicas = 0 }, Store = new { MemoryMegabytes = 256, MinimumFreeMegabytes = 16 } };
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Data(data)).FullName, "beacon.json"), System.Text.Json.JsonSerializer.Serialize(settings), None);
        var (standard, error) = (System.Console.Out, System.Console.Error);
        using var said = new StringWriter();
        System.Console.SetOut(said);
        System.Console.SetError(said);
        try
        {
            var code = await CommandLine.Create().Parse(["store", "copy", "--from", from, "--to", to, "--data", Data(data), "--elasticsearch", TestServer.Elasticsearch().Address]).InvokeAsync(cancellationToken: None);
            return (code, said.ToString());
        }
        finally
        {
            System.Console.SetOut(standard);
            System.Console.SetError(error);
        }
    }
}
