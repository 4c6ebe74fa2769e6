using Beacon.Events;

namespace Beacon.Web.Console.Shell;

/// <summary>Cuts a field's value into what a rule matched and what stands around it.</summary>
internal static class EvidenceMarks
{
    /// <summary>Unmatched text shown on either side of a match, in UTF-16 units; more is left out from its middle.</summary>
    public const int Around = 300;

    /// <summary>The parts in their order; none where no match is of this value.</summary>
    /// <param name="matches">Matches of the field, of whichever of its values. A long value stands in a match with the part around it only.</param>
    public static IReadOnlyList<(string Text, bool Marked)> Split(string value, IEnumerable<MatchedField> matches)
    {
        var spans = new List<(int From, int To)>();
        foreach (var match in matches)
        {
            var at = match.Value == value ? 0 : value.Length > match.Value.Length && match.Value.Length >= MatchedField.MaxValueLength / 2 ? value.IndexOf(match.Value, StringComparison.Ordinal) : -1;
            if (at < 0) continue;
            var whole = match.Length <= 0 || match.Start < 0 || match.Start + match.Length > match.Value.Length;
            spans.Add(whole ? (0, value.Length) : (at + match.Start, at + match.Start + match.Length));
        }
        var parts = new List<(string, bool)>();
        var done = 0;
        foreach (var (from, to) in Merge(spans))
        {
            if (from > done) parts.Add((Shorten(value[done..from]), false));
            parts.Add((value[from..to], true));
            done = to;
        }
        if (parts.Count > 0 && done < value.Length) parts.Add((Shorten(value[done..]), false));
        return parts;
    }

    private static IEnumerable<(int From, int To)> Merge(List<(int From, int To)> spans)
    {
        spans.Sort();
        for (var i = 0; i < spans.Count;)
        {
            var (from, to) = spans[i];
            for (i++; i < spans.Count && spans[i].From <= to; i++) to = Math.Max(to, spans[i].To);
            yield return (from, to);
        }
    }

    private static string Shorten(string text) => text.Length <= Around * 2 ? text : text[..Around] + " … " + text[^Around..];
}
