using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>Ids that are the same whenever the same thing is written (UUID version 5, RFC 9562 section 5.5).</summary>
internal static class StixIds
{
    private static readonly Guid Ours = new("6f0c1d0e-6d0f-5a55-9f4e-2c3b7a86d1e4");

    /// <summary>STIX 2.1, section 2.9: the namespace of cyber-observable objects.</summary>
    private static readonly Guid Observables = new("00abedb4-aa42-466c-9c01-fed23315a9b7");

    public static string Of(string type, string name) => $"{type}--{Version5(Ours, type + "\n" + name)}";

    /// <summary>An observable is known by its type and the property that makes it what it is: whoever writes it gives it the same id.</summary>
    public static string Observable(string type, string property, string value) => $"{type}--{Version5(Observables, $"{{{Canonical(property)}:{Canonical(value)}}}")}";

    /// <summary>A string as canonical JSON writes it (RFC 8785, section 3.2.2.2): as it is, but for the quote, the backslash and what is below the space.</summary>
    internal static string Canonical(string text)
    {
        var json = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\t' => json.Append("\\t"),
                '\n' => json.Append("\\n"),
                '\f' => json.Append("\\f"),
                '\r' => json.Append("\\r"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }
        return json.Append('"').ToString();
    }

    internal static Guid Version5(Guid space, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var input = new byte[16 + bytes.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        bytes.CopyTo(input, 16);
#pragma warning disable CA5350 // Version 5 is defined over SHA-1; nothing is secured by it.
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
