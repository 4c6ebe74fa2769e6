using System.Text;

namespace Beacon.Detections.Matching;

/// <summary>
/// The longest ASCII text that must stand in every match of a regular expression. Only what is certain counts: runs of plain
/// characters outside groups, classes and alternatives, without those that a quantifier makes optional.
/// </summary>
internal static class RegexLiterals
{
    public static string Longest(string pattern)
    {
        if (HasTopLevelAlternative(pattern)) return "";
        var best = "";
        var run = new StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            var (literal, next) = Read(pattern, i);
            var quantifier = next < pattern.Length ? pattern[next] : '\0';
            if (quantifier is '*' or '?' or '{')
            {
                // The character may be missing, or stand several times: it ends the run, and does not belong to it.
                Keep();
                i = SkipQuantifier(pattern, next);
                continue;
            }
            if (literal is { } c) run.Append(c);
            else Keep();
            i = next;
            if (quantifier != '+') continue;
            Keep();
            i = SkipQuantifier(pattern, next);
        }
        Keep();
        return best;

        void Keep()
        {
            if (run.Length > best.Length) best = run.ToString();
            run.Clear();
        }
    }

    /// <summary>One element: its character where it is a plain one, and where the next begins.</summary>
    private static (char? Literal, int Next) Read(string pattern, int i)
    {
        var c = pattern[i];
        switch (c)
        {
            case '\\' when i + 1 < pattern.Length:
                var escaped = pattern[i + 1];
                // Letters and digits behind a backslash are classes, anchors, code points or references.
                if (char.IsAsciiLetterOrDigit(escaped)) return (null, SkipEscape(pattern, i));
                return (escaped < 0x80 ? escaped : null, i + 2);
            case '[':
                return (null, SkipClass(pattern, i));
            case '(':
                return (null, SkipGroup(pattern, i));
            case '.' or '^' or '$' or '|' or ')' or '*' or '+' or '?' or '{':
                return (null, i + 1);
            default:
                return (c < 0x80 ? c : null, i + 1);
        }
    }

    private static int SkipEscape(string pattern, int i)
    {
        switch (pattern[i + 1])
        {
            case 'x': return Math.Min(pattern.Length, i + 4);
            case 'u': return Math.Min(pattern.Length, i + 6);
            case 'c': return Math.Min(pattern.Length, i + 3);
            case 'p' or 'P' or 'k':
                var end = pattern.AsSpan(i).IndexOfAny('}', '>');
                return end < 0 ? pattern.Length : i + end + 1;
            default:
                var next = i + 2;
                while (char.IsAsciiDigit(pattern[i + 1]) && next < pattern.Length && char.IsAsciiDigit(pattern[next])) next++;
                return next;
        }
    }

    private static int SkipQuantifier(string pattern, int i)
    {
        if (pattern[i] == '{')
        {
            var end = pattern.IndexOf('}', i);
            i = end < 0 ? pattern.Length : end + 1;
        }
        else i++;
        return i < pattern.Length && pattern[i] is '?' or '+' ? i + 1 : i;
    }

    private static int SkipClass(string pattern, int i)
    {
        i++;
        if (i < pattern.Length && pattern[i] == '^') i++;
        if (i < pattern.Length && pattern[i] == ']') i++;
        while (i < pattern.Length && pattern[i] != ']') i += pattern[i] == '\\' ? 2 : 1;
        return Math.Min(pattern.Length, i + 1);
    }

    private static int SkipGroup(string pattern, int i)
    {
        var depth = 0;
        while (i < pattern.Length)
        {
            switch (pattern[i])
            {
                case '\\': i += 2; continue;
                case '[': i = SkipClass(pattern, i); continue;
                case '(': depth++; break;
                case ')' when --depth == 0: return i + 1;
            }
            i++;
        }
        return pattern.Length;
    }

    private static bool HasTopLevelAlternative(string pattern)
    {
        for (var i = 0; i < pattern.Length;)
        {
            if (pattern[i] == '|') return true;
            // Ignoring white space would change what is literal.
            if (pattern[i] == '(' && i + 2 < pattern.Length && pattern[i + 1] == '?' && InlineFlags(pattern, i).Contains('x', StringComparison.Ordinal)) return true;
            i = Read(pattern, i).Next;
        }
        return false;
    }

    private static string InlineFlags(string pattern, int i)
    {
        var end = i + 2;
        while (end < pattern.Length && (char.IsAsciiLetter(pattern[end]) || pattern[end] == '-')) end++;
        return end < pattern.Length && pattern[end] is ')' or ':' ? pattern[(i + 2)..end] : "";
    }
}
