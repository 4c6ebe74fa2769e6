using System.Security.Cryptography;
using System.Text;
using Beacon.Events;

namespace Beacon.Detections;

/// <summary>Identities that the same cause always gives again.</summary>
internal static class DetectionIds
{
    /// <summary>The first 16 bytes of SHA-256 over the parts, as hexadecimal digits.</summary>
    public static DetectionId Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // Lengths keep "a","bc" apart from "ab","c".
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return new DetectionId(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)));
    }
}
