using System.Text.Json;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Receivers;
using Beacon.Collectors.Receivers.Http;
using Beacon.Collectors.Receivers.Syslog;
using Beacon.Collectors.Receivers.Tail;
using Beacon.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Sources;

/// <summary>The configured inputs: listed, added, changed and removed while the program runs.</summary>
public sealed partial class SourceService : IHostedService, IDisposable
{
    /// <summary>Sources at most.</summary>
    public const int MaxSources = 1_000;

    /// <summary>How much of a given file is looked at, bytes: the header and fifteen chunks of an event log.</summary>
    public const int MaxLook = (4 + (15 * 64)) * 1024;

    /// <summary>Sources that are tried at once.</summary>
    public const int MaxTrials = 8;

    private readonly Dictionary<string, IReceiver> _receivers;
    private readonly Dictionary<string, SourceRun> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly SourceCatalog _catalog;
    private readonly ParserCatalog _parsers;
    private readonly SourceValidation _validation;
    private readonly SourcePreview _preview;
    private readonly Intake _intake;
    private readonly ExpectedSilences _silences;
    private readonly FileRoots _roots;
    private readonly IStateDatabase _state;
    private readonly CollectorsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SourceService> _log;
    private bool _started;
    private int _trials;

    internal SourceService(IEnumerable<IReceiver> receivers, SourceCatalog catalog, ParserCatalog parsers, Intake intake, ExpectedSilences silences, FileRoots roots, IStateDatabase state,
        CollectorsOptions options, TimeProvider time, ILogger<SourceService> log)
    {
        _receivers = receivers.ToDictionary(r => r.Kind, StringComparer.Ordinal);
        _catalog = catalog;
        _parsers = parsers;
        _validation = new SourceValidation(_receivers, parsers);
        _preview = new SourcePreview(parsers, catalog, roots, options, time);
        _intake = intake;
        _silences = silences;
        _roots = roots;
        _state = state;
        _options = options;
        _time = time;
        _log = log;
    }

    /// <summary>Kinds of receiver that a source may name.</summary>
    public IReadOnlyList<string> Kinds => [.. _receivers.Keys];

    /// <summary>Formats that a source may name, "auto" first.</summary>
    public IReadOnlyList<string> Formats => _parsers.Formats;

    /// <summary>All sources and how they fare.</summary>
    public IReadOnlyList<SourceStatus> Statuses
    {
        get
        {
            lock (_runs)
                return [.. _catalog.All.Select(s => _runs.TryGetValue(s.Id, out var run) && run.Status.Definition == s ? run.Status : new SourceStatus(s, s.Enabled && _started ? SourceState.Starting : SourceState.Disabled, null, "", 0))];
        }
    }

    public SourceDefinition? Find(string id) => _catalog.Find(id);

    /// <summary>Every fault of a definition; none where it can be saved.</summary>
    public IReadOnlyList<SourceFault> Validate(SourceDefinition source) => _validation.Validate(source);

    /// <summary>Adds a source, or changes the one of that id, and starts, restarts or stops its receiver.</summary>
    /// <returns>The faults for which it was refused; none where it was saved.</returns>
    public async Task<IReadOnlyList<SourceFault>> SaveAsync(SourceDefinition source, CancellationToken cancellation)
    {
        var faults = Validate(source);
        if (faults.Count > 0) return faults;
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_catalog.Find(source.Id) is null && _catalog.All.Count >= MaxSources) return [new SourceFault("id", $"there are {MaxSources} sources already")];
            if (_catalog.Find(source.Id) is { } old && old.Kind != source.Kind) return [new SourceFault("kind", "of an existing source cannot be changed: add another source")];
            await _state.WriteAsync(tx => Write(tx, source, _time.GetUtcNow()), cancellation).ConfigureAwait(false);
            await _catalog.LoadAsync(cancellation).ConfigureAwait(false);
            await RestartAsync(source.Id).ConfigureAwait(false);
            return [];
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops a source and forgets its definition; its events, its ledger and its quarantine stay.</summary>
    /// <returns>False where there is none of that id.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_catalog.Find(id) is null) return false;
            await _state.WriteAsync(tx =>
            {
                ExpectedSilences.Forget(tx, id);
                return tx.Execute("DELETE FROM collector_sources WHERE id = @p0", id);
            }, cancellation).ConfigureAwait(false);
            await _silences.LoadAsync(cancellation).ConfigureAwait(false);
            await _catalog.LoadAsync(cancellation).ConfigureAwait(false);
            await RestartAsync(id).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await MakeDefaultsAsync(cancellationToken).ConfigureAwait(false);
        await _catalog.LoadAsync(cancellationToken).ConfigureAwait(false);
        _started = true;
        foreach (var source in _catalog.All) await RestartAsync(source.Id).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _started = false;
        List<SourceRun> all;
        lock (_runs)
        {
            all = [.. _runs.Values];
            _runs.Clear();
        }
        await Task.WhenAll(all.Select(r => r.DisposeAsync().AsTask())).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _changing.Dispose();

    private async Task RestartAsync(string id)
    {
        SourceRun? old;
        lock (_runs) _runs.Remove(id, out old);
        if (old is not null) await old.DisposeAsync().ConfigureAwait(false);
        if (!_started || _catalog.Find(id) is not { Enabled: true } source || !_receivers.TryGetValue(source.Kind, out var receiver)) return;
        var run = new SourceRun(source, receiver, _intake, _time, _log);
        lock (_runs) _runs[id] = run;
    }

    private async Task MakeDefaultsAsync(CancellationToken cancellation)
    {
        const string made = "sources-made";
        var listen = JsonSerializer.Serialize(new Dictionary<string, JsonElement>
        {
            ["address"] = JsonSerializer.SerializeToElement(_options.SyslogAddress, SourceJson.Default.String),
            ["port"] = JsonSerializer.SerializeToElement(_options.SyslogPort, SourceJson.Default.Int32),
        }, SourceJson.Default.DictionaryStringJsonElement);
        await _state.WriteAsync(tx =>
        {
            if (tx.Scalar<long>("SELECT COUNT(*) FROM collector_checkpoints WHERE name = @p0", made) > 0) return 0;
            var now = _time.GetUtcNow();
            Write(tx, new SourceDefinition("syslog-udp", "Syslog (UDP)", SyslogUdpReceiver.KindName, SourceDefinition.ParseSettings(listen), ParserCatalog.Auto, "", "", true), now);
            Write(tx, new SourceDefinition("syslog-tcp", "Syslog (TCP)", SyslogTcpReceiver.KindName, SourceDefinition.ParseSettings(listen), ParserCatalog.Auto, "", "", true), now);
            Write(tx, new SourceDefinition("http", "HTTP", HttpReceiver.KindName, SourceDefinition.ParseSettings("{}"), ParserCatalog.Auto, "", "", true), now);
            Checkpoints.Write(tx, made, 1);
            return 0;
        }, cancellation).ConfigureAwait(false);
    }

    private static int Write(System.Data.Common.DbTransaction tx, SourceDefinition s, DateTimeOffset now) => tx.Execute(
        """
        INSERT INTO collector_sources(id, name, kind, settings, format, organisation, time_zone, enabled, created) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
        ON CONFLICT(id) DO UPDATE SET name = excluded.name, settings = excluded.settings, format = excluded.format, organisation = excluded.organisation,
            time_zone = excluded.time_zone, enabled = excluded.enabled
        """, s.Id, s.Name, s.Kind, s.Settings.GetRawText(), s.Format, s.Organisation, s.TimeZone, s.Enabled, now);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(int))]
internal sealed partial class SourceJson : System.Text.Json.Serialization.JsonSerializerContext;
