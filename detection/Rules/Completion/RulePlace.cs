namespace Beacon.Detections.Rules.Completion;

/// <summary>Where a caret stands in a rule's text, as far as its indents say; the text need not be whole YAML.</summary>
/// <param name="Path">Keys above, the outermost first.</param>
/// <param name="Key">The key whose value is being written, or null where a key or an item of a list is.</param>
/// <param name="IsItem">An item of a list is being written.</param>
/// <param name="Start">Where the word begins that is being written.</param>
/// <param name="Word">What there is of it before the caret.</param>
/// <param name="Length">Length of the whole word, what stands behind the caret included.</param>
public sealed record RulePlace(IReadOnlyList<string> Path, string? Key, bool IsItem, int Start, string Word, int Length)
{
    private const int MaxLinesBack = 2_000;

    public static RulePlace At(string text, int caret)
    {
        caret = Math.Clamp(caret, 0, text.Length);
        var lineStart = caret == 0 ? 0 : text.LastIndexOf('\n', caret - 1) + 1;
        var before = text[lineStart..caret];
        var indent = Indent(before);
        var at = indent;
        var isItem = false;
        while (at + 1 < before.Length && before[at] == '-' && before[at + 1] == ' ') (at, isItem) = (at + 2, true);
        // A dash is a column of its own: what it belongs to stands at the same indent or less.
        var path = PathAbove(text, lineStart, isItem ? indent + 1 : indent);
        string? key = null;
        if (KeyEnd(before, at) is var colon and >= 0)
        {
            key = before[at..colon].Trim().Trim('\'', '"');
            at = colon + 1;
        }
        var isList = key is not null && before.AsSpan(at).TrimStart().StartsWith("[");
        var start = before.Length;
        while (start > at && !Ends(before[start - 1])) start--;
        var end = caret;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !Ends(text[end]) && text[end] is not (':' or ']')) end++;
        return new RulePlace(path, key, isItem || isList, lineStart + start, before[start..], end - lineStart - start);
    }

    private static bool Ends(char c) => char.IsWhiteSpace(c) || c is '[' or ',' or '(' or ')' or '\'' or '"' or '|';

    private static int KeyEnd(string line, int from)
    {
        for (var i = from; i < line.Length; i++)
        {
            if (line[i] == '#') return -1;
            if (line[i] == ':' && (i + 1 == line.Length || line[i + 1] == ' ')) return i;
        }
        return -1;
    }

    private static List<string> PathAbove(string text, int lineStart, int indent)
    {
        var path = new List<string>();
        for (var lines = 0; lineStart > 0 && indent > 0 && lines < MaxLinesBack; lines++)
        {
            var start = lineStart < 2 ? 0 : text.LastIndexOf('\n', lineStart - 2) + 1;
            var line = text[start..(lineStart - 1)].TrimEnd('\r');
            lineStart = start;
            if (line.Trim().Length == 0 || line.TrimStart().StartsWith('#')) continue;
            if (line.StartsWith("---", StringComparison.Ordinal)) break;
            var here = Indent(line);
            if (here >= indent) continue;
            var at = here;
            while (at + 1 < line.Length && line[at] == '-' && line[at + 1] == ' ') at += 2;
            indent = here;
            if (KeyEnd(line, at) is var colon and >= 0) path.Insert(0, line[at..colon].Trim().Trim('\'', '"'));
            // "- key: value" stands within the list above it.
            if (at > here) indent = here + 1;
        }
        return path;
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;
}
