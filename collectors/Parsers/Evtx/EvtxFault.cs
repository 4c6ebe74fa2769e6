using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>What cannot be read of an event log file, and where.</summary>
/// <param name="Offset">Byte of the file.</param>
internal readonly record struct EvtxFault(long Offset, Phrase Reason);
