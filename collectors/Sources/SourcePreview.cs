using System.Text;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Receivers.Tail;
using Beacon.Events;

namespace Beacon.Collectors.Sources;

/// <summary>What one line would become.</summary>
/// <param name="Json">The event as ECS JSON, or null where the line would be quarantined.</param>
/// <param name="Recognised">False where only the text would be kept.</param>
/// <param name="Format">What it was recognised as (event.module), or empty.</param>
/// <param name="Written">When the line says that it was written; null where it says nothing.</param>
public sealed record PreviewLine(string Text, string? Json, bool Recognised, string? Error, int Position, string Format = "", DateTimeOffset? Written = null);

/// <param name="Faults">Why there is no preview.</param>
public sealed record PreviewResult(IReadOnlyList<PreviewLine> Lines, IReadOnlyList<SourceFault> Faults);

/// <summary>Parses a few lines as a source would, without storing anything.</summary>
internal sealed class SourcePreview(ParserCatalog parsers, SourceCatalog catalog, CollectorsOptions options, TimeProvider time)
{
    /// <summary>Lines shown at most.</summary>
    public const int MaxLines = 20;
    private const int MaxBytes = 256 * 1024;

    public PreviewResult Run(SourceDefinition source, string? sample)
    {
        string? fault = null;
        var text = sample is not null ? Encoding.UTF8.GetBytes(sample.Length > MaxBytes ? sample[..MaxBytes] : sample) : ReadFiles(source, out fault);
        if (text is null) return new PreviewResult([], [new SourceFault("settings.paths", fault!)]);
        var profile = catalog.Profile(source);
        var lines = new List<PreviewLine>();
        var e = new SecurityEvent();
        var rest = text.AsSpan();
        while (!rest.IsEmpty && lines.Count < MaxLines)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = Text.TrimEnd(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.IsEmpty || line.Length > options.MaxFrameBytes) continue;
            lines.Add(Read(profile, line, e));
        }
        return new PreviewResult(lines, []);
    }

    /// <summary>What one frame would become.</summary>
    public PreviewLine Read(SourceProfile profile, ReadOnlySpan<byte> frame, SecurityEvent e)
    {
        e.Reset();
        e.Source = profile.Id;
        e.Received = e.Timestamp = time.GetUtcNow();
        var result = parsers.Parse(profile.Parser, frame, new FrameInfo(e.Received, profile.Zone), e, out var recognised);
        return new PreviewLine(Encoding.UTF8.GetString(frame), result.Succeeded ? EcsJson.ToText(e) : null, recognised && result.Succeeded, result.Error, result.Offset,
            result.Succeeded ? e.GetText(Field.EventModule) ?? "" : "", result.Succeeded && e.Timestamp != e.Received ? e.Timestamp : null);
    }

    private static byte[]? ReadFiles(SourceDefinition source, out string? fault)
    {
        fault = "there is nothing to preview: give a sample";
        if (source.Kind != FileReceiver.KindName) return null;
        foreach (var path in FileReceiver.FilesOf(source.Settings))
        {
            try
            {
                using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var bytes = new byte[MaxBytes];
                return bytes[..RandomAccess.Read(handle, bytes, 0)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                fault = e.Message;
            }
        }
        return null;
    }
}
