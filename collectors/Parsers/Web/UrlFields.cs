using Beacon.Events;

namespace Beacon.Collectors.Parsers.Web;

/// <summary>Path and query of a request target (RFC 9112 section 3.2), undecoded.</summary>
internal static class UrlFields
{
    public static void Add(SecurityEvent e, ReadOnlySpan<byte> target)
    {
        var scheme = target[..Math.Min(target.Length, 16)].IndexOf("://"u8);
        if (scheme > 0)
        {
            var authority = target[(scheme + 3)..];
            var slash = authority.IndexOf((byte)'/');
            var host = slash < 0 ? authority : authority[..slash];
            if (!host.IsEmpty && !e.Has(Field.UrlDomain)) e.Add(Field.UrlDomain, host);
            target = slash < 0 ? default : authority[slash..];
        }
        var question = target.IndexOf((byte)'?');
        var path = question < 0 ? target : target[..question];
        if (!path.IsEmpty) e.Add(Field.UrlPath, path);
        if (question >= 0 && question + 1 < target.Length) e.Add(Field.UrlQuery, target[(question + 1)..]);
    }
}
