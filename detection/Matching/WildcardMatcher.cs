using System.Text;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Matching;

/// <summary>
/// A pattern with '?' or several literals. Between '*'s stand segments of fixed length in characters: the first and last
/// are anchored, the others are taken as far left as they fit, so no backtracking is needed. '?' is one code point.
/// </summary>
internal sealed class WildcardMatcher
{
    private readonly byte[]?[][] _segments;
    private readonly bool _anyFirst;
    private readonly bool _anyLast;

    public WildcardMatcher(SigmaPattern pattern, bool cased)
    {
        var segments = new List<byte[]?[]>();
        var current = new List<byte[]?>();
        foreach (var part in pattern.Parts)
        {
            if (part.Kind == PatternPartKind.Any)
            {
                if (current.Count > 0) segments.Add([.. current]);
                current.Clear();
            }
            else current.Add(part.Kind == PatternPartKind.One ? null : cased ? Encoding.UTF8.GetBytes(part.Text) : TextFold.Fold(part.Text));
        }
        if (current.Count > 0) segments.Add([.. current]);
        _segments = [.. segments];
        _anyFirst = pattern.Parts[0].Kind == PatternPartKind.Any;
        _anyLast = pattern.Parts[^1].Kind == PatternPartKind.Any;
    }

    public bool IsMatch(ReadOnlySpan<byte> value)
    {
        var first = 0;
        var last = _segments.Length;
        if (!_anyFirst)
        {
            var used = Forward(_segments[0], value);
            if (used < 0) return false;
            value = value[used..];
            first = 1;
            if (first == last) return _anyLast || value.IsEmpty;
        }
        if (!_anyLast)
        {
            var kept = Backward(_segments[^1], value);
            if (kept < 0) return false;
            value = value[..kept];
            last--;
        }
        for (var i = first; i < last; i++)
        {
            var end = FindEnd(_segments[i], value);
            if (end < 0) return false;
            value = value[end..];
        }
        return true;
    }

    /// <summary>End of the leftmost place where the segment stands, or -1.</summary>
    private static int FindEnd(byte[]?[] segment, ReadOnlySpan<byte> value)
    {
        var at = 0;
        while (at <= value.Length)
        {
            if (segment[0] is { } literal)
            {
                var found = value[at..].IndexOf(literal);
                if (found < 0) return -1;
                at += found;
            }
            var used = Forward(segment, value[at..]);
            if (used >= 0) return at + used;
            if (at == value.Length) return -1;
            at += CharacterLength(value[at..]);
        }
        return -1;
    }

    private static int Forward(byte[]?[] segment, ReadOnlySpan<byte> value)
    {
        var at = 0;
        foreach (var part in segment)
        {
            if (part is not null)
            {
                if (!value[at..].StartsWith(part)) return -1;
                at += part.Length;
            }
            else
            {
                if (at >= value.Length) return -1;
                at += CharacterLength(value[at..]);
            }
        }
        return at;
    }

    /// <summary>Where the segment begins when it ends the value, or -1.</summary>
    private static int Backward(byte[]?[] segment, ReadOnlySpan<byte> value)
    {
        var end = value.Length;
        for (var i = segment.Length - 1; i >= 0; i--)
        {
            if (segment[i] is { } part)
            {
                if (!value[..end].EndsWith(part)) return -1;
                end -= part.Length;
            }
            else
            {
                if (end == 0) return -1;
                do end--;
                while (end > 0 && (value[end] & 0xC0) == 0x80);
            }
        }
        return end;
    }

    private static int CharacterLength(ReadOnlySpan<byte> value)
    {
        var length = 1;
        while (length < value.Length && (value[length] & 0xC0) == 0x80) length++;
        return length;
    }
}
