using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Remedies;

/// <summary>Makes the edits that mend a fault, where what is known of it suffices: the likeliest first.</summary>
public static class RuleRemedies
{
    /// <summary>Edits offered for one fault.</summary>
    public const int Most = 3;

    /// <summary>A short list is offered whole where no word of it is near.</summary>
    private const int Short = 6;

    /// <param name="id">For a rule that has none.</param>
    public static IReadOnlyList<RuleRemedy> Of(string text, SigmaFault fault, Guid id)
    {
        if (fault.Remedy is not { } remedy || LineAt(text, fault.Line) is not { } line) return [];
        if (remedy.Kind == RemedyKind.Add) return Added(text, fault, remedy, line.Start, id) is { } added ? [added] : [];
        if (Find(text, line, fault.Column - 1, remedy.Word, fault.Code == FaultCodes.Modifier) is not { } at) return [];
        return remedy.Kind switch
        {
            RemedyKind.NewId => [new RuleRemedy(remedy.Kind, "id", at, remedy.Word.Length, id.ToString("D"))],
            RemedyKind.Remove => [new RuleRemedy(remedy.Kind, remedy.Word, at - 1, remedy.Word.Length + 1, "")],
            _ => [.. Meant(remedy).Select(w => new RuleRemedy(remedy.Kind, w, at, remedy.Word.Length, w))],
        };
    }

    private static IReadOnlyList<string> Meant(FaultRemedy remedy) =>
        Spelling.Nearest(remedy.Word, remedy.Known, Most) is { Count: > 0 } near ? near : remedy.Known.Count <= Short ? [.. remedy.Known.Take(Most)] : [];

    private static RuleRemedy? Added(string text, SigmaFault fault, FaultRemedy remedy, int start, Guid id) => remedy.Word switch
    {
        "id" => Id(text, start, id, remedy),
        "level" => AtTheEnd(text, start, 0, "level: " + remedy.Known[0], remedy),
        "condition" => AtTheEnd(text, start, fault.Column - 1, "condition: " + Joined(remedy.Known), remedy),
        _ => null,
    };

    /// <summary>Sigma's own order: the id stands beneath the title.</summary>
    private static RuleRemedy Id(string text, int start, Guid id, FaultRemedy remedy)
    {
        var at = text.AsSpan(start).StartsWith("title:") ? NextLine(text, start) : start;
        var open = at > 0 && text[at - 1] != '\n';
        return new RuleRemedy(remedy.Kind, remedy.Word, at, 0, open ? $"\nid: {id:D}" : $"id: {id:D}\n");
    }

    /// <summary>A line behind the last one that is indented at least so far: the end of the map that begins at <paramref name="start"/>.</summary>
    private static RuleRemedy AtTheEnd(string text, int start, int indent, string line, FaultRemedy remedy)
    {
        var end = start;
        for (var at = start; at < text.Length; at = NextLine(text, at))
        {
            var written = text.AsSpan(at, NextLine(text, at) - at).TrimEnd();
            if (written.IsEmpty) continue;
            if (at > start && (written.StartsWith("---") || written.Length - written.TrimStart(' ').Length < indent)) break;
            end = at + written.Length;
        }
        return new RuleRemedy(remedy.Kind, remedy.Word, end, 0, "\n" + new string(' ', indent) + line);
    }

    /// <summary>What is called a filter is left out, as everywhere in Sigma.</summary>
    private static string Joined(IReadOnlyList<string> selections)
    {
        var (wanted, unwanted) = (selections.Where(static s => !IsFilter(s)).ToList(), selections.Where(IsFilter).ToList());
        var parts = wanted.Count == 0 ? unwanted : [.. wanted, .. unwanted.Select(static s => "not " + s)];
        return string.Join(" and ", parts);
    }

    private static bool IsFilter(string selection) => selection.StartsWith("filter", StringComparison.OrdinalIgnoreCase);

    private static (int Start, int End)? LineAt(string text, int number)
    {
        var start = 0;
        for (var n = 1; n < number; n++)
        {
            if (NextLine(text, start) is var next && next >= text.Length) return null;
            start = next;
        }
        return (start, NextLine(text, start));
    }

    private static int NextLine(string text, int start) => text.IndexOf('\n', start) is var end and >= 0 ? end + 1 : text.Length;

    /// <summary>Where a whole word stands in a line: behind the fault's column, else before it.</summary>
    /// <param name="modifier">It follows a '|': a field may have the same name.</param>
    private static int? Find(string text, (int Start, int End) line, int column, string word, bool modifier)
    {
        if (word.Length == 0) return null;
        foreach (var from in (int[])[Math.Min(line.Start + Math.Max(0, column), line.End), line.Start])
            for (var at = text.IndexOf(word, from, line.End - from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, line.End - at - 1, StringComparison.Ordinal))
                if ((!modifier || (at > 0 && text[at - 1] == '|')) && !IsPart(text, at - 1) && !IsPart(text, at + word.Length)) return at;
        return null;
    }

    private static bool IsPart(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' or '.');
}
