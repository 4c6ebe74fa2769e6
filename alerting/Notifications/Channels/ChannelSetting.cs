using Beacon.Events;

namespace Beacon.Alerting.Notifications.Channels;

/// <summary>One setting that channels of a kind have.</summary>
/// <param name="Secret">True where it must come from the vault: a password, or an address that whoever knows it may post to.</param>
/// <param name="Check">What is wrong with a value, or null.</param>
internal sealed record ChannelSetting(string Name, Phrase Meaning, bool Required = false, bool Secret = false, Func<string, Phrase?>? Check = null)
{
    private const string Mark = "secret:";

    public Phrase? Fault(string value) => Check?.Invoke(value);

    /// <summary>The name behind "secret:NAME", or null for a plain value.</summary>
    public static string? SecretOf(string value) => value.StartsWith(Mark, StringComparison.Ordinal) ? value[Mark.Length..] : null;

    public static Phrase? WebAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 ? null : (Phrase)"is no https address, or holds a user or password";

    public static Phrase? HostAndPort(string value) => HostPort.Parse(value) is null ? (Phrase)"is no HOST:PORT" : null;

    public static Func<string, Phrase?> OneOf(params string[] choices) => value => choices.Contains(value) ? null : (Phrase)$"is one of {string.Join(", ", choices)}";
}

/// <summary>A machine and a port, as settings write them; IPv6 addresses stand in brackets.</summary>
internal sealed record HostPort(string Host, int Port)
{
    public static HostPort? Parse(string text)
    {
        var at = text.LastIndexOf(':');
        if (at <= 0 || !int.TryParse(text.AsSpan(at + 1), System.Globalization.NumberStyles.None, null, out var port) || port is < 1 or > 65_535) return null;
        var host = text[..at].Trim('[', ']');
        return Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic ? null : new HostPort(host, port);
    }
}
