using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Audit.Verification;

/// <summary>Writes the heads of chains that grew to the anchors, once a minute and at the end.</summary>
internal sealed partial class AnchorWorker(
    AlertingDatabase database, ChangeFeed feed, IEnumerable<IVerification> chains, IOptions<AlertingOptions> options, TimeProvider time, ILogger<AnchorWorker> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, ChainHead> _written = [];
    private long _since;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.AnchorFile.Length == 0) return;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do await TryAsync(stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        await TryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    internal async Task WriteAsync(CancellationToken cancellation)
    {
        var anchors = new Anchors(options.Value.AnchorFile);
        if (anchors.IsFull)
        {
            anchors.Begin();
            _written.Clear();
            _since = 0;
        }
        var upTo = await feed.NewestAsync(cancellation).ConfigureAwait(false);
        if (_since > 0 && upTo == _since && _written.Count > 0 && !await AuditGrewAsync(cancellation).ConfigureAwait(false)) return;
        var heads = await database.ReadAsync(c => chains.SelectMany(v => v.HeadsSince(c, _since)).ToList(), cancellation).ConfigureAwait(false);
        anchors.Append(time.GetUtcNow(), [.. heads.Where(h => _written.GetValueOrDefault(h.Chain) != h)]);
        foreach (var head in heads) _written[head.Chain] = head;
        // As many as are open at most; what is forgotten is written once more.
        if (_written.Count > 10_000) _written.Clear();
        _since = upTo;
    }

    private Task<bool> AuditGrewAsync(CancellationToken cancellation) =>
        database.ReadAsync(c => c.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM alerting_audit") != _written.GetValueOrDefault("audit").Sequence, cancellation);

    private async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFailed(log, options.Value.AnchorFile, fault);
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "heads of the chains could not be written to {File}; tried again in a minute")]
    private static partial void LogFailed(ILogger logger, string file, Exception error);
}
