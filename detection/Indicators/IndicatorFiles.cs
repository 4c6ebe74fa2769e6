using System.Security.Cryptography;
using System.Text;
using Beacon.Detections.Scheduled.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Indicators;

/// <summary>Follows the folder of indicators: *.csv and STIX bundles (*.json, *.stix). A file that changes is read anew, one that goes takes its indicators along.</summary>
internal sealed partial class IndicatorFiles(IndicatorTable table, NodeIdentity node, IOptions<DetectionOptions> options, DetectionMetrics metrics, TimeProvider time, ILogger<IndicatorFiles> log) : BackgroundService
{
    /// <summary>Largest file, in bytes.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    /// <summary>Files of the folder.</summary>
    public const int MaxFiles = 1_000;

    private const int FaultsTold = 5;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    // Length and time of change of what was read: only what differs is opened.
    private readonly Dictionary<string, (long Length, DateTime Written)> _unchanged = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Indicators.Length == 0) return;
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            do await LookAsync(stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>One look at the folder.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            var folder = new DirectoryInfo(options.Value.Indicators);
            var files = folder.Exists ? folder.EnumerateFiles().Where(static f => f.Extension.ToUpperInvariant() is ".CSV" or ".JSON" or ".STIX").OrderBy(static f => f.Name, StringComparer.Ordinal).Take(MaxFiles).ToList() : [];
            var known = await table.FilesAsync(node.Node, cancellation).ConfigureAwait(false);
            foreach (var gone in known.Keys.Except(files.Select(static f => f.Name)))
            {
                await table.RemoveAsync(node.Node, gone, cancellation).ConfigureAwait(false);
                _unchanged.Remove(gone);
                LogRemoved(gone);
            }
            foreach (var file in files)
            {
                if (_unchanged.TryGetValue(file.Name, out var was) && was == (file.Length, file.LastWriteTimeUtc)) continue;
                await ReadAsync(file, known.GetValueOrDefault(file.Name), cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogNotLooked(fault, options.Value.Indicators);
        }
    }

    private async Task ReadAsync(FileInfo file, string? known, CancellationToken cancellation)
    {
        var stamp = (file.Length, file.LastWriteTimeUtc);
        try
        {
            if (file.Length > MaxBytes) throw new InvalidOperationException($"it has {file.Length} bytes, at most {MaxBytes} are read");
            var bytes = await File.ReadAllBytesAsync(file.FullName, cancellation).ConfigureAwait(false);
            var fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (fingerprint != known)
            {
                var document = file.Extension.Equals(".csv", StringComparison.OrdinalIgnoreCase) ? IndicatorCsv.Read(Encoding.UTF8.GetString(bytes)) : StixIndicators.Read(bytes);
                await table.ReplaceAsync(node.Node, file.Name, fingerprint, document.Indicators, cancellation).ConfigureAwait(false);
                metrics.IndicatorFaults(document.Faults.Count);
                LogRead(file.Name, document.Indicators.Count, document.Faults.Count);
                foreach (var fault in document.Faults.Take(FaultsTold)) LogFault(file.Name, fault.Place, fault.Message);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // What stood there before still counts; the file is tried again when it changes.
            LogNotRead(file.Name, fault.Message);
        }
        _unchanged[file.Name] = stamp;
    }

    [LoggerMessage(2040, LogLevel.Information, "Indicators of {File} were read: {Indicators}, faults: {Faults}")]
    private partial void LogRead(string file, int indicators, int faults);

    [LoggerMessage(2041, LogLevel.Warning, "{File}, {Place}: {Fault}; the rest of the file counts")]
    private partial void LogFault(string file, string place, string fault);

    [LoggerMessage(2042, LogLevel.Warning, "{File} can't be read, what it held before still counts: {Fault}")]
    private partial void LogNotRead(string file, string fault);

    [LoggerMessage(2043, LogLevel.Information, "{File} is gone, and its indicators with it")]
    private partial void LogRemoved(string file);

    [LoggerMessage(2044, LogLevel.Warning, "The indicators in {Folder} could not be looked at; it is tried again")]
    private partial void LogNotLooked(Exception fault, string folder);
}
