using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Beacon.Alerting.Playbooks;

/// <summary>CACAO's variable types (section 10.18.4); values travel as text.</summary>
internal static class VariableTypes
{
    public const int MaxValueLength = 20_000;

    /// <summary>As <see cref="Fits"/>, of values that come from outside: they never refer to variables.</summary>
    public static bool FitsPlain(string type, string value) => value.Length <= MaxValueLength && !VariableReference.Pattern.IsMatch(value) && Fits(type, value);

    /// <summary>True where the value can be of the type; no value yet fits any, and so does any value an unknown type.</summary>
    public static bool Fits(string type, string? value)
    {
        if (string.IsNullOrEmpty(value)) return true;
        if (value.Length > MaxValueLength) return false;
        // A value may refer to another variable, which is filled in when the step runs.
        if (VariableReference.Pattern.IsMatch(value)) return true;
        return type switch
        {
            "bool" => value is "true" or "false" or "True" or "False",
            "integer" or "long" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "float" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "ipv4-addr" => Address(value, AddressFamily.InterNetwork),
            "ipv6-addr" => Address(value, AddressFamily.InterNetworkV6),
            "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
            "uuid" => Guid.TryParse(value, out _),
            "md5-hash" => value.Length == 32 && value.All(char.IsAsciiHexDigit),
            "sha256-hash" => value.Length == 64 && value.All(char.IsAsciiHexDigit),
            "mac-addr" => value.Length == 17 && value.Split(value[2] is '-' ? '-' : ':') is { Length: 6 } parts && parts.All(p => p.Length == 2 && p.All(char.IsAsciiHexDigit)),
            "hash" => value.Length is >= 32 and <= 128 && value.All(char.IsAsciiHexDigit),
            "dictionary" => IsDictionary(value),
            "hexstring" => value.All(char.IsAsciiHexDigit),
            _ => true,
        };
    }

    private static bool IsDictionary(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Address(string value, AddressFamily family)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return IPAddress.TryParse(slash < 0 ? value : value[..slash], out var address) && address.AddressFamily == family && (slash < 0 || IPNetwork.TryParse(value, out _));
    }
}
