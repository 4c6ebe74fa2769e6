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
    public long OwnBytes { get; } = 600 + (key.Length * 4) + window.OwnBytes;
    public long Bytes { get; set; }
    public bool IsRemoved { get; set; }
    /// <summary>Number of entries at which runs of the same rule are thinned out.</summary>
    public int ThinAt { get; set; } = 512;

    /// <summary>Computes the window anew after entries were put in, or taken out, in the middle.</summary>
    public void Rebuild(long span)
    {
        window.Clear();
        Start = Entries.From(Newest - span);
        window.Add(Entries.Span[Start..]);
    }

    /// <summary>Of a run of one rule, only its ends decide anything once no late event can fall between them: the rest is dropped.</summary>
    /// <param name="settled">No late event comes before it.</param>
    /// <returns>Bytes of what was dropped.</returns>
    public long Thin(long settled)
    {
        var freed = 0L;
        var kept = new bool[Entries.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = i == 0 || i == kept.Length - 1 || Entries[i + 1].Time >= settled || Entries[i].Rule != Entries[i - 1].Rule || Entries[i].Rule != Entries[i + 1].Rule;
            if (!kept[i]) freed += Entries[i].Bytes;
        }
        Entries.Keep(kept);
        ThinAt = Math.Max(512, Entries.Count * 2);
        return freed;
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
