using System.Text;
using Beacon.Collectors.Enrichment;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Pipeline;

/// <summary>Makes an event of a spooled frame: the source's parser or the one that recognises the frame, then what is known besides it.</summary>
internal sealed partial class FrameDecoder(ParserCatalog parsers, SourceCatalog sources, AssetEnricher assets, CollectorsMeter meter, ILogger<FrameDecoder> log)
{
    private static readonly FieldId SourceAddress = FieldNames.Intern("log.source.address");
    private static readonly FieldId Index = FieldNames.Intern("labels.index");

    public ParseResult Decode(in SpoolRecord record, ulong spool, SecurityEvent e)
    {
        var source = sources.ProfileOf(record.Source);
        e.Source = source.Id;
        e.Sequence = record.Sequence;
        e.Id = SecurityEventId.From(spool, record.Sequence);
        e.Received = record.Received;
        e.Timestamp = e.Received;
        ParseResult result;
        try
        {
            result = parsers.Parse(source.Parser, record.Frame, new FrameInfo(e.Received, source.Zone), e, out var recognised);
            if (!recognised) meter.Unrecognised(source.Id);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A parser's fault must cost one frame, not the pipeline.
            ParserThrew(log, fault, source.Id, record.Sequence);
            return ParseResult.Fail($"the parser failed: {fault.GetType().Name}");
        }
        if (!result.Succeeded) return result;
        AddMeta(record.Meta, e, source);
        if (source.Organisation.Length > 0) e.TryAdd(Field.OrganizationId, source.Organisation);
        assets.Enrich(e);
        return result;
    }

    private static void AddMeta(ReadOnlySpan<byte> meta, SecurityEvent e, SourceProfile source)
    {
        if (FrameMeta.TryReplay(meta, out _, out var original)) meta = original;
        switch (FrameMeta.KindOf(meta))
        {
            case FrameMetaKind.Peer:
                var peer = FrameMeta.PeerOf(meta);
                e.Add(SourceAddress, peer);
                if (source.PeerIsHost && !e.Has(Field.HostName)) e.Add(Field.HostName, peer);
                break;
            case FrameMetaKind.FilePosition:
                if (!e.Has(Field.LogFilePath)) e.Add(Field.LogFilePath, FilePosition.PathOf(meta));
                if (source.HostName.Length > 0 && !e.Has(Field.HostName)) e.Add(Field.HostName, source.HostName);
                break;
            case FrameMetaKind.Document when meta.Length > 17:
                e.Add(Index, meta[17..]);
                break;
        }
    }

    [LoggerMessage(1040, LogLevel.Error, "A parser threw on frame {Sequence} of source {Source}; the frame is quarantined")]
    private static partial void ParserThrew(ILogger log, Exception fault, string source, long sequence);
}
