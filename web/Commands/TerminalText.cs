using System.Globalization;
using System.Text;

namespace Beacon.Web.Commands;

/// <summary>Makes text that others wrote safe to print: a terminal obeys control characters, and directional ones turn what is read.</summary>
internal static class TerminalText
{
    /// <summary>The text in one line; control and directional characters stand as ‹U+XXXX›.</summary>
    public static string Clean(string text)
    {
        var at = 0;
        while (at < text.Length && !IsHidden(text[at])) at++;
        if (at == text.Length) return text;
        var clean = new StringBuilder(text.Length + 16).Append(text, 0, at);
        for (; at < text.Length; at++)
        {
            if (IsHidden(text[at])) clean.Append(CultureInfo.InvariantCulture, $"‹U+{(int)text[at]:X4}›");
            else clean.Append(text[at]);
        }
        return clean.ToString();
    }

    private static bool IsHidden(char c) =>
        char.IsControl(c) || c is '\u00ad' or '\u061c' or '\ufeff' or '\u2028' or '\u2029' or (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u2069');
}
