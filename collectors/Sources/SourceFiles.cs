using Beacon.Collectors.Receivers.Evtx;
using Beacon.Collectors.Receivers.Tail;

namespace Beacon.Collectors.Sources;

/// <summary>Looks at the files that a source names.</summary>
internal static class SourceFiles
{
    /// <summary>Paths of a source, in the order of its settings.</summary>
    public static IReadOnlyList<string> PathsOf(SourceDefinition source) => source.Kind switch
    {
        FileReceiver.KindName => FileReceiver.FilesOf(source.Settings),
        EvtxReceiver.KindName => EvtxReceiver.FilesOf(source.Settings),
        _ => [],
    };

    public static IReadOnlyList<SourceFile> Of(SourceDefinition source, FileRoots roots, int most) =>
        [.. PathsOf(source).Where(roots.Allows).Select(Look).OrderByDescending(static f => f.Written).ThenBy(static f => f.Path, StringComparer.Ordinal).Take(most)];

    private static SourceFile Look(string path)
    {
        try
        {
            var info = new FileInfo(path);
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new SourceFile(path, info.Length, info.LastWriteTimeUtc, null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new SourceFile(path, 0, DateTimeOffset.MinValue, fault.Message);
        }
    }
}
