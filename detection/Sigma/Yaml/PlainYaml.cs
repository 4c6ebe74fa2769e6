using System.Text;

namespace Beacon.Detections.Sigma.Yaml;

/// <summary>
/// Reads the YAML that rules are written in, block maps and lists of plain, quoted and literal scalars, several times as fast as a
/// whole reader. It gives up, without a reason, on everything else (anchors, tags, flow maps, what is no YAML, what reaches a ceiling);
/// <see cref="YamlReader"/> then reads the text with a whole parser, so that both give the same documents.
/// </summary>
internal sealed class PlainYaml
{
    private const int MaxDepth = 16;
    private const int MaxNodes = 20_000;

    private readonly string _text;
    private readonly List<PlainLine> _lines;
    private int _line;
    private int _nodes;

    private PlainYaml(string text, List<PlainLine> lines) => (_text, _lines) = (text, lines);

    /// <summary>The documents, or null where the text is left to the whole reader.</summary>
    public static IReadOnlyList<YamlDocument>? TryRead(string text)
    {
        if (PlainLine.TrySplit(text) is not { } lines) return null;
        try
        {
            return new PlainYaml(text, lines).Documents();
        }
        catch (GivesUpException)
        {
            return null;
        }
    }

    private List<YamlDocument> Documents()
    {
        var documents = new List<YamlDocument>();
        SkipEmpty();
        while (_line < _lines.Count)
        {
            var first = _line;
            if (_lines[_line].IsSeparator)
            {
                _line++;
                SkipEmpty();
            }
            Check(_line < _lines.Count && !_lines[_line].IsSeparator && documents.Count < YamlReader.MaxDocuments && _lines[_line].Indent == 0);
            var root = Block(0, 0);
            SkipEmpty();
            Check(_line >= _lines.Count || _lines[_line].IsSeparator);
            var last = _line < _lines.Count ? _line : EndLine();
            documents.Add(new YamlDocument(root, first + 1, Math.Max(first, last) + 1, IsFaulty: false));
        }
        Check(documents.Count > 0);
        return documents;
    }

    /// <summary>The line behind the last one: a text that ends without a line break is taken as if it had one.</summary>
    private int EndLine() => _text.EndsWith('\n') ? _lines.Count - 1 : _lines.Count;

    private void SkipEmpty()
    {
        while (_line < _lines.Count && _lines[_line].IsEmpty) _line++;
    }

    /// <summary>The block node that begins on the current line.</summary>
    private YamlNode Block(int indent, int depth)
    {
        var line = _lines[_line];
        Check(line.Indent >= indent && depth < MaxDepth && !line.IsSeparator);
        return IsItem(line.Start, line.End) ? List(line.Indent, depth) : Map(line.Start, line.Indent, depth);
    }

    private bool IsItem(int at, int end) => _text[at] == '-' && (at + 1 == end || _text[at + 1] == ' ');

    private YamlList List(int indent, int depth)
    {
        var list = new YamlList(Mark(_line, _lines[_line].Start));
        Count();
        while (true)
        {
            var line = _lines[_line];
            var at = SkipSpaces(line.Start + 1, line.End);
            if (at == line.End || IsComment(at))
            {
                var empty = line.Start + 1;
                var owner = _line++;
                list.Add(Below(indent, owner, empty, depth, sameIndentLists: false));
            }
            else
            {
                Check(!IsItem(at, line.End));
                list.Add(KeyEnd(at, line.End) >= 0 ? Map(at, at - line.LineStart, depth + 1) : Scalar(at, line, indent));
            }
            SkipEmpty();
            if (_line >= _lines.Count || _lines[_line].IsSeparator || _lines[_line].Indent < indent) return list;
            Check(_lines[_line].Indent == indent);
            // A list may stand at its key's own indent: the next key then ends it.
            if (!IsItem(_lines[_line].Start, _lines[_line].End)) return list;
        }
    }

    private YamlMap Map(int at, int indent, int depth)
    {
        Check(depth < MaxDepth);
        var map = new YamlMap(Mark(_line, at));
        Count();
        while (true)
        {
            var line = _lines[_line];
            var colon = KeyEnd(at, line.End);
            Check(colon >= 0);
            var key = Key(at, colon);
            Check(key.Text != "<<" && map.Find(key.Text) is null);
            var value = SkipSpaces(colon + 1, line.End);
            if (value == line.End || IsComment(value))
            {
                var owner = _line++;
                map.Add(key, Below(indent, owner, colon + 1, depth, sameIndentLists: true));
            }
            else map.Add(key, Scalar(value, line, indent));
            SkipEmpty();
            if (_line >= _lines.Count || _lines[_line].IsSeparator || _lines[_line].Indent < indent) return map;
            Check(_lines[_line].Indent == indent && !IsItem(_lines[_line].Start, _lines[_line].End));
            at = _lines[_line].Start;
        }
    }

    /// <summary>What stands on the lines under a key or a dash: a block, or nothing.</summary>
    private YamlNode Below(int indent, int owner, int place, int depth, bool sameIndentLists)
    {
        SkipEmpty();
        if (_line < _lines.Count && !_lines[_line].IsSeparator)
        {
            var next = _lines[_line];
            var isItem = IsItem(next.Start, next.End);
            if (next.Indent > indent)
            {
                // A scalar on a line of its own is rare: the whole reader knows its rules.
                Check(isItem || KeyEnd(next.Start, next.End) >= 0);
                return Block(indent + 1, depth + 1);
            }
            if (sameIndentLists && next.Indent == indent && isItem) return List(indent, depth + 1);
        }
        Count();
        return new YamlScalar(Mark(owner, place), "", plain: true);
    }

    private YamlScalar Key(int at, int colon)
    {
        Count();
        if (_text[at] is '\'' or '"')
        {
            var (text, end) = Quoted(at, _lines[_line].End);
            Check(SkipSpaces(end, colon) == colon);
            return new YamlScalar(Mark(_line, at), text, plain: false);
        }
        var plain = _text.AsSpan(at, colon - at).TrimEnd(' ');
        Check(plain.Length > 0 && plain.IndexOf(" #") < 0 && !plain.Contains('\t'));
        return new YamlScalar(Mark(_line, at), plain.ToString(), plain: true);
    }

    /// <summary>Place of the colon behind a key that begins here, or -1.</summary>
    private int KeyEnd(int at, int end)
    {
        var from = at;
        if (_text[at] is '\'' or '"')
        {
            from = SkipSpaces(Quoted(at, end).End, end);
            return from < end && _text[from] == ':' && (from + 1 == end || _text[from + 1] == ' ') ? from : -1;
        }
        if (!MayBeginPlain(at, end)) return -1;
        while (true)
        {
            var found = _text.AsSpan(from, end - from).IndexOf(':');
            if (found < 0) return -1;
            from += found;
            if (from + 1 == end || _text[from + 1] == ' ') return _text.AsSpan(at, from - at).IndexOf(" #") < 0 ? from : -1;
            from++;
        }
    }

    private YamlScalar Scalar(int at, PlainLine line, int indent)
    {
        Count();
        var mark = Mark(_line, at);
        switch (_text[at])
        {
            case '\'' or '"':
                var (quoted, end) = Quoted(at, line.End);
                var rest = SkipSpaces(end, line.End);
                Check(rest == line.End || (rest > end && IsComment(rest)));
                _line++;
                return new YamlScalar(mark, quoted, plain: false);
            case '|' or '>':
                return new YamlScalar(mark, Literal(at, line, indent), plain: false);
            default:
                Check(MayBeginPlain(at, line.End));
                return new YamlScalar(mark, Plain(at, line, indent), plain: true);
        }
    }

    private string Plain(int at, PlainLine line, int indent)
    {
        var first = PlainPart(at, line.End, out var hasComment);
        _line++;
        if (hasComment || !Continues(indent)) return first.ToString();
        var folded = new StringBuilder().Append(first);
        while (Continues(indent))
        {
            var blank = 0;
            while (_lines[_line].IsBlank)
            {
                blank++;
                _line++;
            }
            var next = _lines[_line];
            Check(!next.IsEmpty && !IsItem(next.Start, next.End) && MayBeginPlain(next.Start, next.End));
            var part = PlainPart(next.Start, next.End, out hasComment);
            Check(!hasComment);
            if (blank == 0) folded.Append(' ');
            else folded.Append('\n', blank);
            folded.Append(part);
            _line++;
        }
        return folded.ToString();
    }

    /// <summary>True where the next line with something on it is indented deeper, and so goes on with the scalar.</summary>
    private bool Continues(int indent)
    {
        var next = _line;
        while (next < _lines.Count && _lines[next].IsBlank) next++;
        if (next >= _lines.Count || _lines[next].IsSeparator) return false;
        // Behind a comment nothing may go on: where something would, the whole reader says so.
        var comments = next;
        while (comments < _lines.Count && _lines[comments].IsEmpty) comments++;
        if (comments > next) Check(comments >= _lines.Count || _lines[comments].IsSeparator || _lines[comments].Indent <= indent);
        return comments == next && _lines[next].Indent > indent;
    }

    private ReadOnlySpan<char> PlainPart(int at, int end, out bool hasComment)
    {
        var part = _text.AsSpan(at, end - at);
        var comment = part.IndexOf(" #");
        hasComment = comment >= 0;
        if (hasComment) part = part[..comment];
        part = part.TrimEnd(' ');
        Check(part.Length > 0 && part[^1] != ':' && part.IndexOf(": ") < 0 && !part.Contains('\t'));
        return part;
    }

    private string Literal(int at, PlainLine line, int indent)
    {
        var folds = _text[at] == '>';
        var header = _text.AsSpan(at + 1, line.End - at - 1).TrimEnd(' ');
        Check(header is "" or "-" or "+" && (!folds || header is not "+"));
        _line++;
        var rows = new List<string>();
        var own = -1;
        for (; _line < _lines.Count; _line++)
        {
            var row = _lines[_line];
            if (row.IsBlank)
            {
                // Spaces of a blank line count where they are more than the indent.
                Check(row.Indent == 0 || (own > 0 && row.Indent <= own));
                rows.Add("");
                continue;
            }
            if (own < 0)
            {
                if (row.Indent <= indent) break;
                own = row.Indent;
                Check(rows.Count == 0);
            }
            if (row.Indent < own)
            {
                Check(row.Indent <= indent);
                break;
            }
            Check(!folds || row.Indent == own);
            rows.Add(_text[(row.LineStart + own)..row.RawEnd]);
        }
        Check(own > 0);
        var blank = rows.Count - 1 - rows.FindLastIndex(static r => r.Length > 0);
        var content = rows.Count - blank;
        var text = new StringBuilder();
        for (var i = 0; i < content; i++)
        {
            if (i > 0 && !(folds && rows[i].Length > 0 && rows[i - 1].Length > 0)) text.Append(folds && rows[i].Length > 0 ? "" : "\n");
            else if (i > 0) text.Append(' ');
            text.Append(rows[i]);
        }
        // The last line's own break counts only where there is one.
        var ended = _line < _lines.Count || _text[^1] == '\n';
        if (header is "" && ended) text.Append('\n');
        if (header is "+")
        {
            Check(_line < _lines.Count);
            text.Append('\n', blank + 1);
        }
        return text.ToString();
    }

    /// <summary>A quoted scalar on one line, and the place behind it.</summary>
    private (string Text, int End) Quoted(int at, int end)
    {
        var quote = _text[at++];
        var from = at;
        StringBuilder? built = null;
        while (true)
        {
            var found = _text.AsSpan(at, end - at).IndexOfAny(quote, quote == '"' ? '\\' : quote);
            Check(found >= 0);
            at += found;
            if (_text[at] == '\\')
            {
                Check(at + 1 < end && _text[at + 1] is '\\' or '"' or '/');
                (built ??= new StringBuilder()).Append(_text, from, at - from).Append(_text[at + 1]);
            }
            else if (quote == '\'' && at + 1 < end && _text[at + 1] == '\'') (built ??= new StringBuilder()).Append(_text, from, at + 1 - from);
            else return (built is null ? _text[from..at] : built.Append(_text, from, at - from).ToString(), at + 1);
            at += 2;
            from = at;
        }
    }

    /// <summary>YAML 1.2.2, section 7.3.3: what a plain scalar may begin with.</summary>
    private bool MayBeginPlain(int at, int end) => _text[at] switch
    {
        ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' or '\t' => false,
        '-' or '?' or ':' => at + 1 < end && _text[at + 1] is not (' ' or '\t'),
        _ => true,
    };

    private bool IsComment(int at) => _text[at] == '#';

    private int SkipSpaces(int at, int end)
    {
        while (at < end && _text[at] == ' ') at++;
        Check(at == end || _text[at] != '\t');
        return at;
    }

    private YamlMark Mark(int line, int at) => new(line + 1, at - _lines[line].LineStart + 1);

    private void Count() => Check(++_nodes <= MaxNodes);

    private static void Check(bool holds)
    {
        if (!holds) throw new GivesUpException();
    }

    /// <summary>Leaves the recursion; never leaves this class.</summary>
    private sealed class GivesUpException : Exception;
}
