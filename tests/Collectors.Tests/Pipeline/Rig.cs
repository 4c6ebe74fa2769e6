using System.Text;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Quarantine;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Tests.Pipeline;

/// <summary>The collectors as the program puts them together, over a folder that survives a "crash".</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly StateDatabase _database;

    private Rig(ServiceProvider services, StateDatabase database)
    {
        _services = services;
        _database = database;
    }

    public FaultyState State => _services.GetRequiredService<FaultyState>();
    public FakeStore Store => _services.GetRequiredService<FakeStore>();
    public FakeSink Sink => _services.GetRequiredService<FakeSink>();
    public Intake Intake => _services.GetRequiredService<Intake>();
    public FrameSpool Spool => _services.GetRequiredService<FrameSpool>();
    public IngestPipeline Pipeline => _services.GetRequiredService<IngestPipeline>();
    public LossLedger Ledger => _services.GetRequiredService<LossLedger>();
    public FrameQuarantine Quarantine => _services.GetRequiredService<FrameQuarantine>();
    public SourceService Sources => _services.GetRequiredService<SourceService>();
    public IServiceProvider Services => _services;

    /// <param name="store">Outlives the rig, where it is given.</param>
    /// <param name="start">Starts the pipeline and the sources, too.</param>
    public static async Task<Rig> CreateAsync(string folder, FakeStore? store = null, Action<CollectorsOptions>? configure = null, bool start = true, TimeProvider? time = null)
    {
        var options = new CollectorsOptions { SpoolDirectory = Path.Combine(folder, "spool"), SyslogPort = 0, StoreBatchMilliseconds = 20 };
        configure?.Invoke(options);
        var database = TestState.Open(folder, [.. CollectorsSchema.All, FakeSink.Schema], time);
        var services = new ServiceCollection();
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(new FaultyState(database));
        services.AddSingleton<IStateDatabase>(p => p.GetRequiredService<FaultyState>());
        services.AddSingleton(store ?? new FakeStore());
        services.AddSingleton<IEventStore>(p => p.GetRequiredService<FakeStore>());
        services.AddSingleton<IStreamDetector, FakeDetector>();
        services.AddSingleton(p => new FakeSink(p.GetRequiredService<FaultyState>()));
        services.AddSingleton<IDetectionSink>(p => p.GetRequiredService<FakeSink>());
        services.AddCollectors(options);
        var rig = new Rig(services.BuildServiceProvider(), database);
        if (start) await rig.StartAsync();
        return rig;
    }

    public async Task StartAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>()) await service.StartAsync(default);
    }

    public async Task<AppendResult> SendAsync(string source, params string[] frames)
    {
        var batch = Intake.NewBatch(source);
        foreach (var frame in frames) batch.Add(Encoding.UTF8.GetBytes(frame));
        return await Intake.AppendAsync(batch, wait: false, default);
    }

    public Task DrainAsync() => UntilAsync(() => Pipeline.CompleteUpTo > DateTimeOffset.UnixEpoch && Pipeline.InFlight == 0 && Spool.QuietSince(Math.Min(Store.CommittedSequence, DetectCheckpoint())) is not null);

    public long DetectCheckpoint() => State.ReadAsync(db => Checkpoints.Read(db, Checkpoints.Detect)).Result;

    /// <summary>Waits for a condition that another thread brings about; gives up after a time that only a defect reaches.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(patience) > TimeSpan.FromSeconds(30)) Assert.Fail("waited 30 s in vain");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async Task<LedgerCounts> TotalAsync(string source) =>
        (await Ledger.TotalsAsync(TimeRange.Unbounded, default)).GetValueOrDefault(source);

    public Dictionary<string, long> Found() =>
        State.ReadAsync(db => db.Query("SELECT id, times FROM found", r => (r.GetString(0), r.GetInt64(1)))).Result.ToDictionary(r => r.Item1, r => r.Item2);

    /// <summary>What the detector remembers: by sequence number, how often it was written.</summary>
    public Dictionary<long, long> Seen() =>
        State.ReadAsync(db => db.Query("SELECT sequence, times FROM seen", r => (r.GetInt64(0), r.GetInt64(1)))).Result.ToDictionary(r => r.Item1, r => r.Item2);

    public async ValueTask DisposeAsync()
    {
        State.BeforeWrite = State.AfterWrite = Store.Before = Store.After = Sink.Before = Sink.After = null;
        foreach (var service in _services.GetServices<IHostedService>().Reverse()) await service.StopAsync(default);
        await _services.DisposeAsync();
        _database.Dispose();
    }

    /// <summary>Lets go of everything as a kill would: nothing is finished, what waits is lost.</summary>
    public async Task CrashAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        foreach (var service in _services.GetServices<IHostedService>().Reverse()) await service.StopAsync(now.Token);
        await _services.DisposeAsync();
        _database.Dispose();
    }
}
