using System.Buffers;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>Makes a frame of a record: winlog JSON that holds all of it and needs no file any more.</summary>
internal static class EvtxFrame
{
    public static void Write(SecurityEvent e, IBufferWriter<byte> output) =>
        EcsJson.WriteFlat(e, output, static (e, i) => !e.NameAt(i).StartsWith("winlog."u8) && e.FieldAt(i) != Field.Message);
}
