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

    /// <param name="properties">The properties that decide the id, as canonical JSON.</param>
    public static string Observable(string type, string properties) => $"{type}--{Version5(Observables, properties)}";

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
