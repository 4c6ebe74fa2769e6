using System.Data.Common;
using System.Text;
using Beacon.Events;

namespace Beacon.Alerting.Alerts.Search;

/// <summary>Asks SQLite's index of three letters in a row which alerts may hold a text. It answers too many, never too few: who asks looks at each.</summary>
internal static class TextIndex
{
    private const int Gram = 3;

    /// <summary>Most parts of a text that are asked for; more would hardly narrow it further.</summary>
    private const int MaxGrams = 24;

    /// <summary>Most beginnings that stand for one or two letters; with more, alerts that hold them are common.</summary>
    private const int MaxTerms = 300;

    /// <summary>The question for FTS5: null where the index can't tell, "" where no alert holds the text.</summary>
    public static string? Match(DbConnection c, string text)
    {
        if (text.Contains('\0')) return null;
        var letters = text.EnumerateRunes().Select(r => r.ToString()).ToArray();
        if (letters.Contains("\uFFFD") || letters.Length == 0) return null;
        if (letters.Length < Gram)
        {
            var terms = c.Query("SELECT term FROM alerting_alert_text_terms WHERE term >= @p0 AND term < @p1 LIMIT @p2", r => r.GetString(0), text, After(letters), MaxTerms + 1);
            return terms.Count > MaxTerms ? null : string.Join(" OR ", terms.Select(Quoted));
        }
        var grams = Enumerable.Range(0, letters.Length - Gram + 1).Select(i => string.Concat(letters[i..(i + Gram)])).Distinct().ToArray();
        var step = Math.Max(1, (grams.Length + MaxGrams - 1) / MaxGrams);
        return string.Join(" AND ", grams.Where((_, i) => i % step == 0).Select(Quoted));
    }

    private static string Quoted(string gram) => "\"" + gram.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>The first text that no longer begins with these letters, in the order of code points.</summary>
    private static string After(string[] letters)
    {
        var last = Rune.GetRuneAt(letters[^1], 0).Value + 1;
        if (last is >= 0xD800 and <= 0xDFFF) last = 0xE000;
        return string.Concat(letters[..^1]) + (last > 0x10FFFF ? "" : new Rune(last).ToString());
    }
}
