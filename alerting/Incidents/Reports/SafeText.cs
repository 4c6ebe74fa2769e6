using System.Globalization;
using System.Text;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>Text of others without what turns the order of letters round or shows nothing: such characters stand as their code.</summary>
internal static class SafeText
{
    public static string Of(string text)
    {
        if (text.All(c => char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.Control))) return text;
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' or '\r') safe.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control) safe.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
            else safe.Append(rune.ToString());
        }
        return safe.ToString();
    }
}
