using System.Globalization;

namespace Beacon.Web.Console.Text;

/// <summary>A form with holes, looked for in a text that was made of it.</summary>
/// <param name="Pieces">What stands between the holes, one more than there are holes; braces as in the text.</param>
internal sealed record PhrasePattern(string Form, IReadOnlyList<string> Pieces)
{
    // "{0}: {1}" fits everything.
    private const int Least = 8;

    public int Letters { get; } = Pieces.Sum(static p => p.Count(char.IsLetter));

    /// <summary>Null for a form without holes, and for one with few words of its own.</summary>
    public static PhrasePattern? Of(string form)
    {
        var pieces = new List<string>();
        var (rest, hole) = (form.Replace("{{", "\u0001", StringComparison.Ordinal).Replace("}}", "\u0002", StringComparison.Ordinal), 0);
        while (string.Create(CultureInfo.InvariantCulture, $"{{{hole}}}") is var mark && rest.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0)
        {
            pieces.Add(Plain(rest[..at]));
            rest = rest[(at + mark.Length)..];
            hole++;
        }
        pieces.Add(Plain(rest));
        var pattern = new PhrasePattern(form, pieces);
        return hole == 0 || pattern.Letters < Least ? null : pattern;
    }

    /// <summary>What stands in the holes, or null where the text is of another form.</summary>
    public string[]? Match(string text)
    {
        var (first, last) = (Pieces[0], Pieces[^1]);
        if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal)) return null;
        var (parts, at, end) = (new string[Pieces.Count - 1], first.Length, text.Length - last.Length);
        for (var i = 1; i < Pieces.Count - 1; i++)
        {
            var next = text.IndexOf(Pieces[i], at, end - at, StringComparison.Ordinal);
            if (next < 0) return null;
            (parts[i - 1], at) = (text[at..next], next + Pieces[i].Length);
        }
        parts[^1] = text[at..end];
        return parts;
    }

    private static string Plain(string piece) => piece.Replace('\u0001', '{').Replace('\u0002', '}');
}
