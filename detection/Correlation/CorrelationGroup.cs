using Beacon.Detections.Correlation.Windows;

namespace Beacon.Detections.Correlation;

/// <summary>What one correlation remembers of one combination of group-by values.</summary>
internal sealed class CorrelationGroup(string key, string[] values, WindowAggregate window)
{
    /// <summary>Its values, case folded.</summary>
    public string Key => key;
    public string[] Values => values;
    public EntryList Entries { get; } = new();

    /// <summary>Over the entries from <see cref="Start"/> on: the window that ends with the newest.</summary>
    public WindowAggregate Window => window;
    public int Start { get; set; }

    /// <summary>Time of the newest entry, in ticks.</summary>
    public long Newest { get; set; } = long.MinValue;
    /// <summary>When the last entry was received, in ticks.</summary>
    public long Received { get; set; } = long.MinValue;
    /// <summary>Ends of the windows of the last hits, the latest last, as far back as late events reach.</summary>
    public List<long> Raised { get; } = [];
    public long RaisedAt => Raised.Count == 0 ? long.MinValue : Raised[^1];
    /// <summary>The condition has been false since the last hit.</summary>
    public bool IsArmed { get; set; } = true;
    /// <summary>End of the last window that was decided; entries up to it are late.</summary>
    public long ClosedUpTo { get; set; } = long.MinValue;

    /// <summary>Estimate of what it takes in memory without its entries.</summary>
    public long OwnBytes { get; } = 600 + (key.Length * 4);
    public long Bytes { get; set; }
    public bool IsRemoved { get; set; }
    /// <summary>Number of entries at which runs of the same rule are thinned out.</summary>
    public int ThinAt { get; set; } = 512;

    /// <summary>Computes the window anew after entries were put in, or taken out, in the middle.</summary>
    public void Rebuild(long span)
    {
        window.Clear();
        Start = Entries.From(Newest - span);
        for (var i = Start; i < Entries.Count; i++) window.Add(Entries[i]);
    }

    /// <summary>Notes a hit; those before an instant are forgotten, and so is the oldest of too many.</summary>
    public void NoteRaise(long end, long since)
    {
        Raised.RemoveAll(r => r < since);
        if (Raised.Count >= MaxRaised) Raised.RemoveAt(0);
        var at = Raised.BinarySearch(end);
        if (at < 0) Raised.Insert(~at, end);
    }

    private const int MaxRaised = 64;
}
