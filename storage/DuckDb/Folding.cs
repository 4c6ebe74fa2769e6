using System.Text;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// Text without case, as <see cref="Events.EventFilter"/> has it: every code point in its invariant lower case. DuckDB's lower() is the same but for
/// İ (U+0130), which it makes an i.
/// </summary>
internal static class Folding
{
    private const char Dotted = '\u0130';

    /// <summary>A code point that no text holds stands for it (a noncharacter, Unicode 16, section 23.7).</summary>
    private const string Stand = "\U0010FFFE";

    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) folded.Append(Rune.ToLowerInvariant(rune).ToString());
        return folded.ToString();
    }

    /// <summary>SQL of a text, folded.</summary>
    public static string Whole(string value) => $"lower(replace({value}, '{Dotted}', '{Stand}'))";

    /// <summary>What <see cref="Of"/> gave, as it stands in what <see cref="Whole"/> gives.</summary>
    public static string InWhole(string folded) => folded.Replace(Dotted.ToString(), Stand, StringComparison.Ordinal);

    /// <param name="value">SQL of a text.</param>
    /// <param name="folded">From <see cref="Of"/>.</param>
    /// <param name="test">SQL of a test of a folded text against a folded pattern.</param>
    public static string Test(string value, string folded, Func<string, string, string> test)
    {
        var exact = Whole(value);
        if (folded.Contains(Dotted, StringComparison.Ordinal)) return test(exact, InWhole(folded));
        var quick = test($"lower({value})", folded);
        // Only what passes the quick test, and might do so by such a letter, is looked at again.
        return folded.Contains('i', StringComparison.Ordinal) ? $"({quick} AND (NOT contains({value}, '{Dotted}') OR {test(exact, folded)}))" : quick;
    }

    /// <summary>As <see cref="Test"/>, for patterns that stand in the text: what of them has no case is looked for in the text as it is, before that is folded.</summary>
    public static string TestWithin(string value, string folded, Func<string, string, string> test)
    {
        var whole = Test(value, folded, test);
        return Caseless(folded) is { } run ? $"(contains({value}, {Sql.Text(run)}) AND {whole})" : whole;
    }

    /// <summary>
    /// The longest run of a folded text that is the same in every text which folds to it: ASCII without letters. Null where it would pass too often to be worth a
    /// look: three characters with a digit, or four.
    /// </summary>
    public static string? Caseless(string folded)
    {
        var (best, from) = ("", 0);
        for (var i = 0; i <= folded.Length; i++)
        {
            if (i < folded.Length && char.IsAscii(folded[i]) && !char.IsAsciiLetter(folded[i])) continue;
            if (i - from > best.Length) best = folded[from..i];
            from = i + 1;
        }
        return best.Length >= 4 || (best.Length == 3 && best.Any(char.IsAsciiDigit)) ? best : null;
    }
}
