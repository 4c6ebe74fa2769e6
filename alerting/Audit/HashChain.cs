using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Beacon.Alerting.Audit;

/// <summary>
/// Links entries so that changing one breaks every later one: hash = SHA-256(previous hash as 64 lower-case hex digits, a line
/// feed, the entry's values as one JSON array in the order of its columns, instants as UTC microseconds since 1970).
/// </summary>
internal static class HashChain
{
    /// <summary>What stands before the first entry.</summary>
    public static string Origin { get; } = new('0', 64);

    private static readonly JsonWriterOptions Options = new() { Indented = false };

    public static string Next(string previous, params ReadOnlySpan<object> values)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(Encoding.ASCII.GetBytes(previous));
        buffer.Write("\n"u8);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var value in values)
            {
                if (value is long number) json.WriteNumberValue(number);
                else json.WriteStringValue((string)value);
            }
            json.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }
}
