using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Web.Commands.Bench;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Benchmarks;

/// <summary>An append of a batch, durable on return; per event.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private const int Batch = 5_000;

    private readonly List<SecurityEvent> _events = [.. Enumerable.Range(0, Batch).Select(_ => new SecurityEvent(2048, 48))];
    private readonly SampleProcesses _made = new(8, new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMilliseconds(10));
    private DirectoryInfo _folder = null!;
    private DuckDbEventStore _store = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        _folder = Directory.CreateTempSubdirectory("beacon-benchmarks-");
        _store = new DuckDbEventStore(new DuckDbOptions { Directory = _folder.FullName }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await _store.OpenAsync(CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [IterationSetup]
    public void Make() => _made.Fill(_events);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task Append() => _store.AppendAsync(_events, _made.Sequence, CancellationToken.None);
}
