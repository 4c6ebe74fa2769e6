using Beacon.Alerting;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Runs;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests;

/// <summary>The whole room over a state database in a temporary directory, with a clock that the test moves.</summary>
internal sealed class TestHouse : IDisposable
{
    private readonly string _directory;
    private readonly bool _keep;
    private readonly ServiceProvider _services;

    public TestHouse(Action<AlertingOptions>? configure = null, IReadOnlyList<Asset>? assets = null, string? directory = null, FakeTimeProvider? clock = null, Action<IServiceCollection>? replace = null)
    {
        _directory = directory ?? Directory.CreateTempSubdirectory("beacon-alerting-").FullName;
        _keep = directory is not null;
        Clock = clock ?? new FakeTimeProvider(Start);
        Database = TestState.Open(_directory, [.. AlertingModule.Schemas], Clock);
        Options = new AlertingOptions();
        configure?.Invoke(Options);
        var services = new ServiceCollection();
        services.AddSingleton<IStateDatabase>(Database);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IAssetDirectory>(new FixedAssets(assets ?? []));
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddAlerting(Options);
        replace?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public string Folder => _directory;
    public FakeTimeProvider Clock { get; }
    public StateDatabase Database { get; }
    public AlertingOptions Options { get; }
    public IDetectionSink Sink => Get<IDetectionSink>();
    public IAlertService Alerts => Get<IAlertService>();
    public IIncidentService Incidents => Get<IIncidentService>();
    public IWarningService Warnings => Get<IWarningService>();
    public IWarningMatrices Matrices => Get<IWarningMatrices>();
    public IPlaybookLibrary Library => Get<IPlaybookLibrary>();
    public PlaybookEngine Engine => Get<PlaybookEngine>();
    public IChangeFeed Feed => Get<IChangeFeed>();
    public IAuditTrail Audit => Get<IAuditTrail>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task TakeAsync(params Detection[] detections) => Sink.CommitAsync(detections, null, TestContext.Current.CancellationToken);

    public async Task<AlertSummary> OnlyAlertAsync() => Assert.Single((await Alerts.ListAsync(new AlertQuery { Shelved = null })).Items);

    public async Task<AlertSummary> OnlyOpenAsync() => Assert.Single((await Alerts.ListAsync(new AlertQuery())).Items);

    public void Dispose()
    {
        _services.Dispose();
        Database.Dispose();
        if (!_keep) Directory.Delete(_directory, recursive: true);
    }

    private sealed class FixedAssets(IReadOnlyList<Asset> all) : IAssetDirectory
    {
        public IReadOnlyList<Asset> All => all;
        public Asset? Find(string name) => all.FirstOrDefault(a => a.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
        public Task SaveAsync(IReadOnlyList<Asset> assets, CancellationToken cancellation) => Task.CompletedTask;
    }
}

/// <summary>Detections for tests.</summary>
internal static class Detections
{
    private static int _next;

    public static Detection Of(
        string rule = "ssh-guess", string host = "web-7", Severity severity = Severity.High, DateTimeOffset? at = null, string? id = null, string summary = "",
        string[]? tags = null, Entity[]? related = null, Entity? entity = null, SecurityEvent? e = null, string kind = "sigma") => new()
        {
            Id = new DetectionId(id ?? "d-" + Interlocked.Increment(ref _next)), RuleId = rule, RuleTitle = "Title of " + rule, RuleKind = kind, Severity = severity,
            Tags = tags ?? ["attack.t1110.001", "attack.credential-access"], Time = at ?? TestHouse.Start, Received = at ?? TestHouse.Start,
            Entity = entity ?? new Entity(EntityKind.Host, host), Related = related ?? [], Summary = summary, Event = e,
            Facts = new Dictionary<string, string> { ["count"] = "412" },
        };
}
