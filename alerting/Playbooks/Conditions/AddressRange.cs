using System.Globalization;
using System.Net;

namespace Beacon.Alerting.Playbooks.Conditions;

/// <summary>An address or a network in CIDR notation; bits behind the prefix do not count.</summary>
internal readonly record struct AddressRange(IPAddress Address, int Prefix)
{
    public static AddressRange? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address)) return null;
        var bits = address.GetAddressBytes().Length * 8;
        if (slash < 0) return new AddressRange(address, bits);
        return int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix <= bits ? new AddressRange(address, prefix) : null;
    }

    public bool Contains(AddressRange inner)
    {
        if (inner.Address.AddressFamily != Address.AddressFamily || inner.Prefix < Prefix) return false;
        var (mine, theirs) = (Address.GetAddressBytes(), inner.Address.GetAddressBytes());
        for (var bit = 0; bit < Prefix; bit++)
        {
            var mask = 0x80 >> (bit & 7);
            if ((mine[bit >> 3] & mask) != (theirs[bit >> 3] & mask)) return false;
        }
        return true;
    }
}
