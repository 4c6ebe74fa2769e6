namespace Beacon.Detections.Matching;

/// <summary>Needles that may stand anywhere in a value: few are sought at many places at once, many by a table, single bytes one by one.</summary>
internal sealed class InnerNeedles
{
    private readonly PackedNeedles? _few;
    private readonly GramNeedles<FourBytes>? _long;
    private readonly GramNeedles<TwoBytes>? _short;
    private readonly (byte Byte, int Needle)[] _single;

    public InnerNeedles(IReadOnlyList<(byte[] Text, int Number)> needles)
    {
        _single = [.. needles.Where(static n => n.Text.Length == 1).Select(static n => (n.Text[0], n.Number))];
        var packed = needles.Where(static n => n.Text.Length >= PackedNeedles.MinLength).ToArray();
        var rest = needles.Where(static n => n.Text.Length > 1).ToArray();
        if (packed.Length is > 0 and <= PackedNeedles.MaxNeedles)
        {
            _few = new PackedNeedles(packed);
            rest = [.. rest.Where(static n => n.Text.Length < PackedNeedles.MinLength)];
        }
        var (longer, shorter) = (rest.Where(static n => n.Text.Length >= FourBytes.Length).ToArray(), rest.Where(static n => n.Text.Length < FourBytes.Length).ToArray());
        if (longer.Length > 0) _long = new GramNeedles<FourBytes>(longer);
        if (shorter.Length > 0) _short = new GramNeedles<TwoBytes>(shorter);
    }

    /// <returns>True where the hits wanted no more.</returns>
    public bool Find<T>(ReadOnlySpan<byte> value, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        foreach (var (single, needle) in _single)
            if (value.Contains(single) && hits.Take(needle)) return true;
        return (_few is not null && _few.Find(value, ref hits))
            || (_long is not null && _long.Find(value, ref hits))
            || (_short is not null && _short.Find(value, ref hits));
    }
}
