using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>What of a file could not be read.</summary>
/// <param name="Place">"line 12", "byte 69632", or empty for the whole file.</param>
public sealed record EventFileFault(string File, string Place, Phrase Reason);

/// <param name="Unrecognised">Events that keep their text only.</param>
public sealed record EventFileSummary(long Events, long Bytes, long Faults, long Unrecognised)
{
    public static readonly EventFileSummary None = new(0, 0, 0, 0);

    public static EventFileSummary operator +(EventFileSummary a, EventFileSummary b) =>
        new(a.Events + b.Events, a.Bytes + b.Bytes, a.Faults + b.Faults, a.Unrecognised + b.Unrecognised);

    public static EventFileSummary Add(EventFileSummary left, EventFileSummary right) => left + right;
}
