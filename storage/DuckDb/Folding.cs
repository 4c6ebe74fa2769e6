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
}
