namespace Beacon.Detections.Sigma.Yaml;

/// <summary>A line of a YAML text.</summary>
/// <param name="LineStart">Its first character.</param>
/// <param name="Start">Its first character that is no space.</param>
/// <param name="End">Behind its last character that is no space.</param>
/// <param name="RawEnd">Behind its last character, the line break not counted.</param>
internal readonly record struct PlainLine(int LineStart, int Start, int End, int RawEnd, bool IsComment, bool IsSeparator)
{
    private const int MaxLines = 50_000;

    public int Indent => Start - LineStart;

    /// <summary>Nothing stands on it.</summary>
    public bool IsBlank => Start == End;

    /// <summary>Nothing but a comment stands on it.</summary>
    public bool IsEmpty => IsBlank || IsComment;

    /// <summary>The lines, or null where the text holds what only a whole reader may judge: tabs before text, breaks other than LF and CRLF, control characters.</summary>
    public static List<PlainLine>? TrySplit(string text)
    {
        if (text.AsSpan().IndexOfAny(Unusual) >= 0) return null;
        var lines = new List<PlainLine>(text.Length / 32);
        for (var start = 0; ;)
        {
            var length = text.AsSpan(start).IndexOf('\n');
            var end = length < 0 ? text.Length : start + length;
            var raw = end;
            if (raw > start && text[raw - 1] == '\r') raw--;
            if (text.AsSpan(start, raw - start).Contains('\r')) return null;
            var first = start;
            while (first < raw && text[first] == ' ') first++;
            var last = raw;
            while (last > first && text[last - 1] == ' ') last--;
            if (first < last && (text[first] == '\t' || text[last - 1] == '\t')) return null;
            var line = text.AsSpan(start, last - start);
            var isSeparator = line is "---";
            // Directives, ends of documents, and documents on the separator's own line.
            if (!isSeparator && (line.StartsWith("---") || line.StartsWith("...") || line.StartsWith("%"))) return null;
            if (lines.Count >= MaxLines) return null;
            lines.Add(new PlainLine(start, first, last, raw, first < last && text[first] == '#', isSeparator));
            if (length < 0) return lines;
            start = end + 1;
        }
    }

    private static readonly System.Buffers.SearchValues<char> Unusual = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(static c => c is not ('\t' or '\n' or '\r')).Select(static c => (char)c), '\u007F', .. Enumerable.Range(0x80, 0x20).Select(static c => (char)c), '\u2028', '\u2029', '\uFEFF', '\uFFFE', '\uFFFF']);
}
