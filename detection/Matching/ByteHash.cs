using System.Buffers.Binary;

namespace Beacon.Detections.Matching;

/// <summary>Hash of folded text for the tables of an index: only places hang on it, never answers.</summary>
internal static class ByteHash
{
    /// <summary>Mixes the length and at most 32 bytes of either end.</summary>
    public static uint Of(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u ^ (uint)text.Length;
        if (text.Length > 64) hash = Mix(Mix(hash, text[..32]), text[^32..]);
        else hash = Mix(hash, text);
        return hash ^ (hash >> 15);
    }

    private static uint Mix(uint hash, ReadOnlySpan<byte> text)
    {
        while (text.Length >= 8)
        {
            var product = (BinaryPrimitives.ReadUInt64LittleEndian(text) ^ hash) * 0x9E3779B97F4A7C15ul;
            hash = (uint)(product >> 32) ^ (uint)product;
            text = text[8..];
        }
        if (text.Length >= 4)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt32LittleEndian(text)) * 0x9E3779B1u;
            hash ^= hash >> 15;
            text = text[4..];
        }
        foreach (var b in text) hash = (hash ^ b) * 16777619u;
        return hash;
    }
}
