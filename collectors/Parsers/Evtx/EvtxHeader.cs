using System.Buffers.Binary;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>The header of an event log file.</summary>
internal static class EvtxHeader
{
    /// <summary>Bytes of it that are looked at.</summary>
    public const int Length = 128;

    private const int Default = 4_096;
    private const string NoLog = "not an event log: the file does not begin with ElfFile";

    /// <summary>Why a file could not be opened as an event log.</summary>
    public static Phrase Said(Exception fault) => fault.Message == NoLog ? (Phrase)NoLog : Phrase.Plain(fault.Message);


    /// <summary>Checks the header.</summary>
    /// <returns>Place of the first chunk.</returns>
    /// <exception cref="InvalidDataException">The file is no event log.</exception>
    public static int Read(ReadOnlySpan<byte> header, EvtxChunkReader reports)
    {
        if (header.Length < 8 || !header.StartsWith(EvtxReader.Magic)) throw new InvalidDataException(NoLog);
        Span<byte> whole = stackalloc byte[Length];
        header[..Math.Min(Length, header.Length)].CopyTo(whole);
        if (EvtxCrc.Update(0, whole[..120]) != BinaryPrimitives.ReadUInt32LittleEndian(whole[124..])) reports.Report(0, "the file header's checksum does not match");
        return BinaryPrimitives.ReadUInt16LittleEndian(whole[40..]) is > 0 and var size ? size : Default;
    }
}
