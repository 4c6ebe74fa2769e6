using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Beacon.Alerting.Incidents.Observables;

public enum ObservableKind
{
    Ipv4,
    Ipv6,
    Domain,
    Url,
    Email,
    /// <summary>MD5, SHA-1 or SHA-256 in hex.</summary>
    Hash,
    FilePath,
    Cve,
}

/// <summary>Finds what others may look for in text, defanged forms ("hxxp", "[.]", "[@]") among it. Bounded, and in linear time.</summary>
internal static partial class ObservableExtractor
{
    /// <summary>UTF-16 units of text that are looked at.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>Found in one text at most.</summary>
    public const int MaxFound = 500;

    private const int MaxValue = 400;

    public static IReadOnlyCollection<(ObservableKind Kind, string Value)> Find(string text)
    {
        var plain = Refang(text.Length > MaxText ? text[..MaxText] : text);
        var found = new HashSet<(ObservableKind, string)>();
        void Add(ObservableKind kind, string value)
        {
            if (found.Count < MaxFound && value.Length is > 0 and <= MaxValue) found.Add((kind, value));
        }
        foreach (var m in Url().EnumerateMatches(plain))
        {
            var url = plain.AsSpan(m.Index, m.Length).TrimEnd(".,;:!?)]}'\"").ToString();
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0) continue;
            Add(ObservableKind.Url, url);
            Host(uri.Host.Trim('[', ']'), Add);
        }
        foreach (var m in Email().EnumerateMatches(plain)) Add(ObservableKind.Email, plain.Substring(m.Index, m.Length).TrimEnd('.').ToLowerInvariant());
        foreach (var m in Hash().EnumerateMatches(plain)) if (m.Length is 32 or 40 or 64) Add(ObservableKind.Hash, plain.Substring(m.Index, m.Length).ToLowerInvariant());
        foreach (var m in Cve().EnumerateMatches(plain)) Add(ObservableKind.Cve, plain.Substring(m.Index, m.Length).ToUpperInvariant());
        foreach (var m in Address().EnumerateMatches(plain)) Host(plain.AsSpan(m.Index, m.Length).TrimEnd(".:").ToString(), Add);
        foreach (var m in Path().EnumerateMatches(plain)) Add(ObservableKind.FilePath, plain.AsSpan(m.Index, m.Length).TrimEnd(".,;:").ToString());
        foreach (var m in Domain().EnumerateMatches(plain)) Host(plain.Substring(m.Index, m.Length), Add);
        return found;
    }

    private static void Host(string host, Action<ObservableKind, string> add)
    {
        // Four numbers or a colon: "1.2" and "7" are addresses to the parser only.
        if (host.Count(c => c == '.') == 3 && host.All(c => char.IsAsciiDigit(c) || c == '.'))
        {
            if (host.Split('.').All(p => p.Length is > 0 and <= 3 && (p.Length == 1 || p[0] != '0')) && IPAddress.TryParse(host, out var four)) add(ObservableKind.Ipv4, four.ToString());
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            if (host.Count(c => c == ':') >= 2 && IPAddress.TryParse(host, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6) add(ObservableKind.Ipv6, six.ToString());
        }
        else if (Domain().Match(host) is { Success: true } m && m.Length == host.Length && !IsFile(host)) add(ObservableKind.Domain, host.ToLowerInvariant());
    }

    // "powershell.exe" is written like a domain and is none.
    private static bool IsFile(string name) => name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant() is
        "exe" or "dll" or "sys" or "bat" or "cmd" or "ps1" or "vbs" or "js" or "jar" or "txt" or "log" or "json" or "xml" or "yml" or "yaml" or "conf" or "cfg" or "ini" or "dat" or "tmp" or "doc" or "docx" or "xls" or "xlsx" or "pdf" or "rar" or "gz" or "tar" or "php" or "asp" or "aspx" or "jsp" or "html" or "htm" or "dmp" or "evtx" or "lnk" or "service" or "local" or "bin";

    private static string Refang(string text) => Bracketed().Replace(Hxxp().Replace(text, m => m.Value.Length > 4 ? "https" : "http"), m => m.Groups[1].Value.ToLowerInvariant() switch { "dot" or "." => ".", "at" or "@" => "@", "://" => "://", _ => ":" });

    [GeneratedRegex(@"\bhxxps?\b", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Hxxp();

    [GeneratedRegex(@"[\[({](\.|dot|@|at|:|://)[\])}]", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"\b(?:https?|ftp)://[^\s<>""|\\^`]{1,1000}", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Url();

    [GeneratedRegex(@"\b[A-Z0-9._%+-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,8}[A-Z]{2,24}\b", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Email();

    [GeneratedRegex(@"\b[A-F0-9]{32,64}\b", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Hash();

    [GeneratedRegex(@"\bCVE-[12][0-9]{3}-[0-9]{4,7}\b", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Cve();

    [GeneratedRegex(@"(?<![\w.:])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[A-F0-9]{0,4}(?::[A-F0-9]{0,4}){2,7})(?![\w:])", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\w/\\:.])(?:[A-Z]:\\[^\s<>""|?*:]{1,300}|/(?:etc|usr|var|tmp|home|root|opt|bin|sbin|dev|proc|srv|mnt)/[^\s<>""|?*:;,()']{1,300})", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Path();

    [GeneratedRegex(@"(?<![\w@.\\/-])(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.){1,8}[A-Z]{2,24}(?![\w@-])", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Domain();
}
