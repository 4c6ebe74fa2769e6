using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Beacon.Detections.Matching;

/// <summary>An address within a network; an IPv4 address mapped into IPv6 (RFC 4291, section 2.5.5.2) counts as itself.</summary>
internal sealed class CidrTest : ValueTest
{
    private readonly byte[] _network;
    private readonly int _prefix;

    public CidrTest(IPNetwork network)
    {
        _network = network.BaseAddress.GetAddressBytes();
        _prefix = network.PrefixLength;
    }

    public override bool Test(EventView view, int entry)
    {
        var value = view.Raw(entry);
        Span<byte> address = stackalloc byte[16];
        if (!TryRead(value, address, out var length)) return false;
        if (length == 16 && _network.Length == 4 && address[..10].IndexOfAnyExcept((byte)0) < 0 && address[10] == 0xFF && address[11] == 0xFF)
            address = address[12..];
        else if (length != _network.Length) return false;
        var bytes = _prefix / 8;
        if (!address[..bytes].SequenceEqual(_network.AsSpan(0, bytes))) return false;
        var bits = _prefix % 8;
        return bits == 0 || (address[bytes] >> (8 - bits)) == (_network[bytes] >> (8 - bits));
    }

    private static bool TryRead(ReadOnlySpan<byte> text, Span<byte> address, out int length)
    {
        length = 4;
        if (text.Length is < 2 or > 64) return false;
        if (!text.Contains((byte)':')) return TryReadV4(text, address);
        Span<char> characters = stackalloc char[64];
        if (!Encoding.UTF8.TryGetChars(text, characters, out var n)) return false;
        if (!IPAddress.TryParse(characters[..n], out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        return parsed.TryWriteBytes(address, out length);
    }

    /// <summary>Four decimal numbers, without the short and octal forms that inet_aton takes.</summary>
    private static bool TryReadV4(ReadOnlySpan<byte> text, Span<byte> address)
    {
        var part = 0;
        var digits = 0;
        var number = 0;
        foreach (var b in text)
        {
            if (b == '.')
            {
                if (digits == 0 || part == 3) return false;
                address[part++] = (byte)number;
                digits = number = 0;
            }
            else if (b is >= (byte)'0' and <= (byte)'9')
            {
                if (digits > 0 && number == 0) return false;
                number = (number * 10) + b - '0';
                if (++digits > 3 || number > 255) return false;
            }
            else return false;
        }
        if (part != 3 || digits == 0) return false;
        address[3] = (byte)number;
        return true;
    }
}
