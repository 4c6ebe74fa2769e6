using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Versions;
using Beacon.Detections.Rules.Volume;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Detections.Scheduled.SilentSource;
using Beacon.Detections.Scheduled.Threshold;
using Beacon.Events;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Scheduled;

/// <summary>Rules, a seeded store and a ledger over a state database, with a clock that the test moves; processes come and go on it.</summary>
internal sealed class LedgerHouse : IDisposable
{
    public const string RuleId = "6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a01";
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-detection");
    private readonly StateDatabase _database;

    /// <param name="on">Puts something between the ledger and its database.</param>
    /// <param name="events">A store that takes the place of the one in memory.</param>
    public LedgerHouse(Func<IStateDatabase, IStateDatabase>? on = null, Action<DetectionOptions>? configure = null, IEventStore? events = null)
    {
        Events = events ?? Store;
        _database = TestState.Open(_folder.FullName, [DetectionsModule.Schema, FakeSink.Schema], Time);
        Database = on?.Invoke(_database) ?? _database;
        Sink = new FakeSink(Database);
        Report = new LedgerReport(_database);
        Settings = new DetectionOptions { ShippedRules = Path.Combine(_folder.FullName, "rules"), UserRules = Path.Combine(_folder.FullName, "user") };
        configure?.Invoke(Settings);
        WriteRule();
    }

    public FakeTimeProvider Time { get; } = new(Start);
    public FakeEventStore Store { get; } = new();
    public IEventStore Events { get; }
    public FakeActivity Activity { get; } = new();
    public FakeWatermark Watermark { get; } = new() { CompleteUpTo = Start };
    public IStateDatabase Database { get; }
    public FakeSink Sink { get; }
    public ILedgerView Report { get; }
    public DetectionOptions Settings { get; }

    /// <summary>Three failures of one address, over the last minute unless the header says otherwise.</summary>
    public void WriteRule(string header = "window: 1m", string id = RuleId, string outcome = "failure") => Write(id, $"""
        title: Failures {id[^2..]}
        id: {id}
        level: medium
        detector: threshold
        {header}
        lateness: 5s
        settings:
          filter:
            event.outcome: {outcome}
          group-by: [source.ip]
          at-least: 3
        """);

    public void Write(string name, string text)
    {
        var folder = _folder.CreateSubdirectory("rules").CreateSubdirectory("scheduled");
        File.WriteAllText(Path.Combine(folder.FullName, name + ".yml"), text);
    }

    /// <summary>A process begins; it looks once, as a real one does within a second.</summary>
    public async Task<LedgerProcess> StartAsync(string node = "one", IEnumerable<IScheduledDetector>? more = null)
    {
        var process = await LedgerProcess.CreateAsync(this, node, more ?? []);
        await process.LookAsync();
        return process;
    }

    /// <summary>Time and data have come to the instant; the process looks at everything until nothing is due.</summary>
    public async Task LookAsync(LedgerProcess process, DateTimeOffset at)
    {
        MoveTo(at);
        await process.LookAsync();
    }

    public void MoveTo(DateTimeOffset at)
    {
        if (at > Time.GetUtcNow()) Time.SetUtcNow(at);
        Watermark.CompleteUpTo = at;
    }

    /// <param name="received">Null for the event's time.</param>
    public void Failures(string address, DateTimeOffset from, int count, DateTimeOffset? received = null)
    {
        for (var i = 0; i < count; i++)
        {
            var e = new SecurityEvent { Id = SecurityEventId.From(1, Store.Events.Count + 1), Timestamp = from.AddSeconds(i), Received = received ?? from.AddSeconds(i) };
            e.Add(Field.SourceIp, address);
            e.Add(Field.EventOutcome, "failure");
            Store.Events.Add(e);
        }
    }

    public async Task<LedgerWindow[]> WindowsAsync(string id = RuleId) => [.. (await Report.WindowsAsync(id, 1_000, default)).OrderBy(static w => w.Start).ThenBy(static w => w.Revision)];

    public async Task<LedgerSummary> SummaryAsync(TimeSpan? span = null) => (await Report.SummariseAsync(span ?? TimeSpan.FromHours(1), default)).Single(static s => s.RuleId == RuleId);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>One process of the house: its own memory, the house's database.</summary>
internal sealed class LedgerProcess
{
    private LedgerProcess(EvaluationLook look, EvaluationLedger ledger, RuleCatalog catalog) => (Look, Ledger, Catalog) = (look, ledger, catalog);

    public EvaluationLook Look { get; }
    public EvaluationLedger Ledger { get; }
    public RuleCatalog Catalog { get; }

    public static async Task<LedgerProcess> CreateAsync(LedgerHouse house, string node, IEnumerable<IScheduledDetector> more)
    {
        IScheduledDetector[] detectors = [new ThresholdDetector(house.Events, house.Time), new SilentSourceDetector(house.Activity, house.Time), .. more];
        var options = Options.Create(house.Settings);
        var metrics = new DetectionMetrics(new TestMeters());
        var catalog = new RuleCatalog(options, new RuleFiles(new ScheduledRuleReader(detectors)), new RuleCounts(house.Database), new StageStore(house.Database, house.Time), new RuleVersions(house.Database, house.Time), new RuleVolume(house.Database, house.Time), metrics, NullLogger<RuleCatalog>.Instance);
        await catalog.ReloadAsync(default);
        var me = new NodeIdentity(node, Guid.NewGuid().ToString("N"));
        var ledger = new EvaluationLedger(house.Database, me, options);
        var evaluator = new WindowEvaluator(catalog, detectors, ledger, new Suppressions(house.Database), house.Events, house.Sink, options, metrics, house.Time, NullLogger<WindowEvaluator>.Instance);
        var look = new EvaluationLook(catalog, detectors, ledger, new ClusterWatermark(house.Database, house.Watermark, me, options), evaluator, new LateEvents(house.Database, house.Events, options),
            house.Activity, options, metrics, house.Time, NullLogger<EvaluationLook>.Instance);
        return new LedgerProcess(look, ledger, catalog);
    }

    public async Task LookAsync()
    {
        await Look.LiveAsync(default);
        await Look.OverdueAsync(default);
    }
}
