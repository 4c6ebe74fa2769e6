using System.Globalization;
using System.Text;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>A file name that others chose, made harmless: no folder, no control or bidirectional character, nothing that a system reads as a device.</summary>
internal static class EvidenceName
{
    public const int MaxLength = 200;

    public static string Of(string? name)
    {
        var plain = (name ?? "").AsSpan();
        plain = plain[(plain.LastIndexOfAny('/', '\\') + 1)..];
        var safe = new StringBuilder(plain.Length);
        foreach (var rune in plain.EnumerateRunes())
        {
            if (rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' or '%' or ';' or 0xFFFD) safe.Append('_');
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)) safe.Append(rune.ToString());
        }
        var text = safe.ToString().TrimStart('.', ' ', '-').TrimEnd('.', ' ');
        if (text.Length > MaxLength)
        {
            var end = Path.GetExtension(text) is { Length: > 0 and <= 20 } extension ? extension : "";
            var keep = MaxLength - end.Length;
            text = text[..(char.IsHighSurrogate(text[keep - 1]) ? keep - 1 : keep)] + end;
        }
        if (text.Length == 0) return "file";
        var stem = Path.GetFileNameWithoutExtension(text).ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL" || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)) && char.IsAsciiDigit(stem[3])) ? "_" + text : text;
    }

    /// <summary>A media type as it was said, or "application/octet-stream" where it is none.</summary>
    public static string MediaType(string? said) =>
        said is { Length: > 0 and <= 100 } && said.Count(c => c == '/') == 1 && said.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '+' or '-') ? said.ToLowerInvariant() : "application/octet-stream";
}
