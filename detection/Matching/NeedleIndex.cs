namespace Beacon.Detections.Matching;

/// <summary>Takes the needles that a search finds.</summary>
internal interface INeedleHits
{
    /// <param name="needle">Its place in the list that the index was made of. May come more than once.</param>
    /// <returns>True where nothing more is wanted.</returns>
    bool Take(int needle);
}

/// <summary>
/// Finds which of many needles stand in a folded value: whole values and ends by their last bytes, starts by their first, the
/// others in one pass over the value, each in tables of its own.
/// </summary>
internal sealed class NeedleIndex
{
    private readonly AnchoredNeedles? _ends;
    private readonly AnchoredNeedles? _starts;
    private readonly InnerNeedles? _inner;
    private readonly int _empty = -1;

    /// <param name="needles">All different.</param>
    public NeedleIndex(IReadOnlyList<Needle> needles)
    {
        var ends = new List<(Needle, int)>();
        var starts = new List<(Needle, int)>();
        var inner = new List<(byte[], int)>();
        for (var n = 0; n < needles.Count; n++)
        {
            var needle = needles[n];
            if (needle.Text.Length == 0) _empty = n;
            else if (needle.AtEnd) ends.Add((needle, n));
            else if (needle.AtStart) starts.Add((needle, n));
            else inner.Add((needle.Text, n));
        }
        if (ends.Count > 0) _ends = new AnchoredNeedles(ends, atEnd: true);
        if (starts.Count > 0) _starts = new AnchoredNeedles(starts, atEnd: false);
        if (inner.Count > 0) _inner = new InnerNeedles(inner);
    }

    /// <summary>Seeks those that may stand anywhere, in text of which a value is a part.</summary>
    public void FindInner<T>(ReadOnlySpan<byte> text, ref T hits) where T : struct, INeedleHits, allows ref struct => _inner?.Find(text, ref hits);

    /// <returns>True where the hits wanted no more.</returns>
    public bool Find<T>(ReadOnlySpan<byte> value, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        if (value.IsEmpty) return _empty >= 0 && hits.Take(_empty);
        if (_ends is not null && _ends.Find(value, ref hits)) return true;
        if (_starts is not null && _starts.Find(value, ref hits)) return true;
        return _inner is not null && _inner.Find(value, ref hits);
    }
}
