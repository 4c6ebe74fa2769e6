using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Beacon.Detections.Matching;

/// <summary>
/// A few needles that may stand anywhere, sought at sixteen places at once: three bytes of each needle are looked up by their halves in
/// tables of a vector's size, each needle in one of eight buckets, and compared where all three answer for the same bucket.
/// </summary>
internal sealed class PackedNeedles
{
    /// <summary>With more, the buckets answer too often.</summary>
    public const int MaxNeedles = 48;

    public const int MinLength = 3;
    private const int Buckets = 8;

    private readonly Vector128<byte> _low0, _high0, _low1, _high1, _low2, _high2;
    private readonly (byte[] Text, int Offset, int Needle)[][] _buckets;

    /// <param name="needles">At most <see cref="MaxNeedles"/>, none shorter than <see cref="MinLength"/>.</param>
    public PackedNeedles(IReadOnlyList<(byte[] Text, int Number)> needles)
    {
        var buckets = new List<(byte[], int, int)>[Buckets];
        for (var b = 0; b < Buckets; b++) buckets[b] = [];
        Span<byte> tables = stackalloc byte[6 * 16];
        tables.Clear();
        // Needles that share their bytes share a bucket, so that the other buckets stay quiet.
        var ordered = needles.Select(static n => (n.Text, Offset: Rarest(n.Text), n.Number)).OrderBy(static n => (n.Text[n.Offset] << 16) | (n.Text[n.Offset + 1] << 8) | n.Text[n.Offset + 2]).ToArray();
        for (var n = 0; n < ordered.Length; n++)
        {
            var (text, offset, number) = ordered[n];
            var bucket = n * Buckets / ordered.Length;
            buckets[bucket].Add((text, offset, number));
            for (var i = 0; i < MinLength; i++)
            {
                var b = text[offset + i];
                tables[(i * 32) + (b & 15)] |= (byte)(1 << bucket);
                tables[(i * 32) + 16 + (b >> 4)] |= (byte)(1 << bucket);
            }
        }
        _buckets = [.. buckets.Select(static b => b.ToArray())];
        _low0 = Vector128.Create<byte>(tables[..16]);
        _high0 = Vector128.Create<byte>(tables[16..32]);
        _low1 = Vector128.Create<byte>(tables[32..48]);
        _high1 = Vector128.Create<byte>(tables[48..64]);
        _low2 = Vector128.Create<byte>(tables[64..80]);
        _high2 = Vector128.Create<byte>(tables[80..96]);
    }

    /// <returns>True where the hits wanted no more.</returns>
    public bool Find<T>(ReadOnlySpan<byte> value, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        const int Step = 16;
        var last = value.Length - MinLength;
        if (last < 0) return false;
        if (value.Length < Step + MinLength - 1)
        {
            // Zeros behind a short value: what they answer for fails the comparison.
            Span<byte> padded = stackalloc byte[Step + MinLength - 1];
            padded.Clear();
            value.CopyTo(padded);
            return Look(padded, 0, value, ref hits);
        }
        var at = 0;
        for (; at <= last - Step + 1; at += Step)
            if (Look(value, at, value, ref hits)) return true;
        // The rest once more with a part of what was seen: a needle may be told twice.
        return at <= last && Look(value, last - Step + 1, value, ref hits);
    }

    private bool Look<T>(scoped ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> value, ref T hits) where T : struct, INeedleHits, allows ref struct
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var answer = Halves(Vector128.LoadUnsafe(ref start, (nuint)at), _low0, _high0)
            & Halves(Vector128.LoadUnsafe(ref start, (nuint)at + 1), _low1, _high1)
            & Halves(Vector128.LoadUnsafe(ref start, (nuint)at + 2), _low2, _high2);
        if (answer == Vector128<byte>.Zero) return false;
        var places = ~Vector128.Equals(answer, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
        while (places != 0)
        {
            var place = BitOperations.TrailingZeroCount(places);
            places &= places - 1;
            for (uint buckets = answer.GetElement(place); buckets != 0; buckets &= buckets - 1)
            {
                foreach (var (needle, offset, number) in _buckets[BitOperations.TrailingZeroCount(buckets)])
                {
                    var from = at + place - offset;
                    if (from < 0 || from + needle.Length > value.Length || !value.Slice(from, needle.Length).SequenceEqual(needle)) continue;
                    if (hits.Take(number)) return true;
                }
            }
        }
        return false;
    }

    private static Vector128<byte> Halves(Vector128<byte> bytes, Vector128<byte> low, Vector128<byte> high) =>
        Vector128.ShuffleNative(low, bytes & Vector128.Create((byte)0x0F)) & Vector128.ShuffleNative(high, Vector128.ShiftRightLogical(bytes, 4));

    /// <summary>Where the three bytes begin that logs hold least often: letters repeat, signs and digits less so.</summary>
    private static int Rarest(byte[] text)
    {
        var (best, fewest) = (0, int.MaxValue);
        for (var i = 0; i + MinLength <= text.Length; i++)
        {
            var common = Common(text[i]) + Common(text[i + 1]) + Common(text[i + 2]);
            if (common < fewest) (best, fewest) = (i, common);
        }
        return best;
    }

    private static int Common(byte b) => b switch
    {
        (byte)'e' or (byte)'s' or (byte)'t' or (byte)'i' or (byte)'o' or (byte)'n' or (byte)'r' or (byte)'a' => 8,
        (byte)'c' or (byte)'d' or (byte)'l' or (byte)'m' or (byte)'p' or (byte)'u' or (byte)'w' or (byte)'0' or (byte)'\\' or (byte)'-' or (byte)'.' or (byte)' ' or (byte)'1' => 5,
        >= (byte)'2' and <= (byte)'9' => 4,
        >= (byte)'a' and <= (byte)'z' => 3,
        _ => 1,
    };
}
