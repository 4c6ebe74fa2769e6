using Beacon.Collectors.Receivers.Evtx;
using Beacon.Collectors.Receivers.Http;
using Beacon.Collectors.Receivers.Syslog;
using Beacon.Collectors.Receivers.Tail;

namespace Beacon.Collectors.Sources;

/// <summary>What is seen of a source before it is kept.</summary>
public sealed partial class SourceService
{
    /// <summary>Parses the first lines of a text, or of the files that the definition names; nothing is stored.</summary>
    /// <param name="sample">Null to read the source's files.</param>
    public PreviewResult Preview(SourceDefinition source, string? sample)
    {
        var faults = Validate(source);
        return faults.Count > 0 ? new PreviewResult([], faults) : _preview.Run(source, sample);
    }

    /// <summary>Parses the first lines or records of a file that is given whole or in part; nothing is stored.</summary>
    /// <param name="bytes">Its first bytes, at most <see cref="MaxLook"/>.</param>
    public PreviewResult PreviewFile(SourceDefinition source, string name, ReadOnlySpan<byte> bytes) => _preview.RunFile(source, name, bytes[..Math.Min(bytes.Length, MaxLook)]);

    /// <summary>Whether the source reads files of this machine.</summary>
    public static bool ReadsFiles(string kind) => kind is FileReceiver.KindName or EvtxReceiver.KindName;

    /// <summary>The files that a source reads, the one written last first; at most <paramref name="most"/>, and none of a source that reads no files.</summary>
    public IReadOnlyList<SourceFile> Files(SourceDefinition source, int most) => SourceFiles.Of(source, _roots, most);

    /// <summary>Whether lines of such a source can be heard before it is kept: where they are sent to it.</summary>
    public static bool CanBeTried(string kind) => kind is SyslogTcpReceiver.KindName or SyslogUdpReceiver.KindName or HttpReceiver.KindName;

    /// <summary>Listens as a source would, and holds what comes instead of storing it.</summary>
    /// <returns>The trial, to be kept or disposed; or why there is none.</returns>
    public (SourceTrial? Trial, IReadOnlyList<SourceFault> Faults) Try(SourceDefinition source)
    {
        var faults = Validate(source);
        if (faults.Count > 0) return (null, faults);
        if (!CanBeTried(source.Kind)) return (null, [new SourceFault("kind", "is not sent anything")]);
        if (Interlocked.Increment(ref _trials) > MaxTrials)
        {
            Interlocked.Decrement(ref _trials);
            return (null, [new SourceFault("kind", $"{MaxTrials} sources are being tried already")]);
        }
        return (new SourceTrial(source, _receivers[source.Kind], new HeldIntake(_intake, _preview, _catalog.Profile(source), _time), _time, _log, () => Interlocked.Decrement(ref _trials)), []);
    }

    /// <summary>Saves a source that was tried, and stores what its trial holds under its id.</summary>
    /// <returns>The faults for which it was refused; the trial then goes on holding, but hears no more.</returns>
    public async Task<IReadOnlyList<SourceFault>> KeepAsync(SourceTrial trial, SourceDefinition source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var faults = Validate(source);
        if (faults.Count > 0) return faults;
        // The port must be free before the source itself takes it.
        await trial.StopAsync().ConfigureAwait(false);
        faults = await SaveAsync(source, cancellation).ConfigureAwait(false);
        if (faults.Count == 0) await trial.HandOverAsync(_intake, source.Id).ConfigureAwait(false);
        return faults;
    }
}
