using System.Globalization;
using System.Net;

namespace Beacon.Alerting.Playbooks.Conditions;

/// <summary>How a variable's value stands to a literal, by the type that was declared for it.</summary>
internal static class ValueOrder
{
    public static bool Equal(string value, Literal literal, string? type) => Compare(value, literal, type) is { } order ? order == 0 : string.Equals(value, literal.Text, StringComparison.Ordinal);

    /// <summary>Null where there is no order between them: no comparison with &lt; or &gt; holds then.</summary>
    public static int? Compare(string value, Literal literal, string? type)
    {
        if (literal.Kind == LiteralKind.Time) return Time(value) is { } at && Time(literal.Text) is { } wanted ? at.CompareTo(wanted) : null;
        if (literal.Kind == LiteralKind.Number || type is "integer" or "long" or "float") return Number(value) is { } number && Number(literal.Text) is { } other ? number.CompareTo(other) : null;
        switch (type)
        {
            case "ipv4-addr" or "ipv6-addr":
                return IPAddress.TryParse(value, out var a) && IPAddress.TryParse(literal.Text, out var b) ? Bytes(a, b) : string.CompareOrdinal(value, literal.Text);
            case "bool" or "uuid" or "mac-addr" or "hash" or "md5-hash" or "sha256-hash" or "hexstring":
                return string.Compare(value, literal.Text, StringComparison.OrdinalIgnoreCase);
            case null:
                return literal.Kind == LiteralKind.Flag ? string.Compare(value, literal.Text, StringComparison.OrdinalIgnoreCase)
                    : Number(value) is { } x && Number(literal.Text) is { } y ? x.CompareTo(y) : string.CompareOrdinal(value, literal.Text);
            default:
                return literal.Kind == LiteralKind.Flag ? string.Compare(value, literal.Text, StringComparison.OrdinalIgnoreCase) : string.CompareOrdinal(value, literal.Text);
        }
    }

    private static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static int? Bytes(IPAddress a, IPAddress b) => a.AddressFamily == b.AddressFamily ? a.GetAddressBytes().AsSpan().SequenceCompareTo(b.GetAddressBytes()) : null;
}
