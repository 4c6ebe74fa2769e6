using System.Globalization;
using System.Text;

namespace Beacon.Alerting.Notifications.Channels;

/// <summary>Text that attackers may have written, made harmless for those who read it elsewhere.</summary>
internal static class PlainText
{
    /// <summary>In one line; control and directional characters stand as ‹U+XXXX›.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>As <see cref="Line"/>, line feeds kept.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    /// <summary>
    /// For chats that read Markdown and know no escape: brackets and mentions are shown by their wide forms, addresses lose what makes them
    /// links. A name of a host can then neither call everybody nor lead anybody away.
    /// </summary>
    public static string Chat(string text) => new StringBuilder(text)
        .Replace("://", "：//").Replace('[', '［').Replace(']', '］').Replace('<', '＜').Replace('>', '＞').Replace('@', '＠').Replace('`', '｀').Replace('!', '！').ToString();

    private static string Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c == '\n' && keepLines) clean.Append(c);
            else if (c is '\r' or '\n' or '\t') clean.Append(c == '\r' && keepLines ? "" : " ");
            else if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                clean.Append(CultureInfo.InvariantCulture, $"‹U+{(int)c:X4}›");
            else clean.Append(c);
        }
        return clean.ToString();
    }
}
