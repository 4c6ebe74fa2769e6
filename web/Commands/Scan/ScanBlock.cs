using Beacon.Collectors.Files;
using Beacon.Events;

namespace Beacon.Web.Commands.Scan;

/// <param name="Index">Place of its event among the block's.</param>
internal readonly record struct ScanHit(int Index, long Number, ScanRule Rule, DateTimeOffset Time, string Host, IReadOnlyList<MatchedField> Matched);

/// <summary>A block of a log with what was found in it; used again and again.</summary>
internal sealed class ScanBlock
{
    public EventBlock Block { get; } = new();
    public long Sequence { get; set; }

    /// <summary>Numbers of all events, where they may come again in the file.</summary>
    public List<long> Numbers { get; } = [];

    public List<ScanHit> Hits { get; } = [];
    public List<EventFileFault> Faults { get; } = [];
    public EventFileSummary Summary { get; set; } = EventFileSummary.None;

    /// <summary>Events outside the time range.</summary>
    public long Outside { get; set; }

    public void Clear()
    {
        Numbers.Clear();
        Hits.Clear();
        Faults.Clear();
        (Summary, Outside) = (EventFileSummary.None, 0);
    }
}
