using System.Net;

namespace Beacon.Detections.Indicators;

/// <summary>Brings values of indicators into the one form in which they are compared.</summary>
internal static class IndicatorValues
{
    private const int MaxDomain = 253;
    private const int MaxUrl = 2_048;

    /// <summary>The value in its form, or null where it is none of this kind.</summary>
    public static string? Normalise(IndicatorKind kind, string value)
    {
        value = Refang(value.Trim());
        return kind switch
        {
            IndicatorKind.Address => Address(value),
            IndicatorKind.Domain => Domain(value),
            IndicatorKind.Url => value.Length is > 0 and <= MaxUrl && Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Host.Length > 0 ? value.ToLowerInvariant() : null,
            _ => value.Length is 32 or 40 or 64 && value.All(char.IsAsciiHexDigit) ? value.ToLowerInvariant() : null,
        };
    }

    /// <summary>The kind that a value shows by itself.</summary>
    public static IndicatorKind? Guess(string value)
    {
        foreach (var kind in (ReadOnlySpan<IndicatorKind>)[IndicatorKind.Address, IndicatorKind.Hash, IndicatorKind.Url, IndicatorKind.Domain])
            if (Normalise(kind, value) is not null) return kind;
        return null;
    }

    /// <summary>Reports write evil[.]example and hxxp:// so that nobody clicks on it.</summary>
    private static string Refang(string value)
    {
        value = value.Replace("[.]", ".", StringComparison.Ordinal).Replace("(.)", ".", StringComparison.Ordinal).Replace("[:]", ":", StringComparison.Ordinal);
        return value.StartsWith("hxxp", StringComparison.OrdinalIgnoreCase) ? "http" + value[4..] : value;
    }

    private static string? Address(string value)
    {
        if (value.Contains('/', StringComparison.Ordinal))
        {
            if (!IPNetwork.TryParse(value, out var network) || network.PrefixLength == 0) return null;
            return network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8 ? network.BaseAddress.ToString() : network.ToString();
        }
        // A bare number is an address to the parser, and to nobody else.
        return (value.Contains('.', StringComparison.Ordinal) || value.Contains(':', StringComparison.Ordinal)) && IPAddress.TryParse(value, out var address)
            ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;
    }

    private static string? Domain(string value)
    {
        value = value.TrimEnd('.').ToLowerInvariant();
        if (value.Length is 0 or > MaxDomain || !value.Contains('.', StringComparison.Ordinal)) return null;
        foreach (var label in value.Split('.'))
            if (label.Length is 0 or > 63 || !label.All(static c => char.IsLetterOrDigit(c) || c is '-' or '_')) return null;
        return IPAddress.TryParse(value, out _) ? null : value;
    }
}
