using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Shell;

/// <summary>Walks a command and knows at each place how the shell reads it. What it does not know for sure it calls hard.</summary>
internal sealed class ShellPlace(string command)
{
    private int _at;
    private Phrase? _hard;
    private bool _comment;

    /// <summary>The quotes around the place: ' or ", or null.</summary>
    public char? Quote { get; private set; }

    /// <summary>Goes on behind what stood in the text.</summary>
    public void Skip(int to) => _at = to;

    /// <returns>Why nothing may be put in there, or null.</returns>
    public Phrase? Reach(int to)
    {
        var escaped = false;
        while (_at < to)
        {
            escaped = false;
            var c = command[_at];
            if (_comment)
            {
                _comment = c != '\n';
                _at++;
            }
            else if (Quote == '\'')
            {
                if (c == '\'') Quote = null;
                _at++;
            }
            else if (c == '\\')
            {
                escaped = _at + 1 == to;
                _at = Math.Min(_at + 2, to);
            }
            else
            {
                if (Quote == '"') Within(c);
                else Plain(c);
                _at++;
            }
        }
        if (_hard is not null) return _hard;
        if (_comment) return "it is a comment";
        if (escaped) return "a backslash stands before it";
        return to > 0 && command[to - 1] == '$' && Quote != '\'' ? (Phrase)"a $ stands before it" : null;
    }

    private void Within(char c)
    {
        if (c == '"') Quote = null;
        else if (c == '`' || (c == '$' && Next is '(' or '{')) _hard ??= "an expansion within double quotes stands before it";
    }

    private void Plain(char c)
    {
        switch (c)
        {
            case '\'' when Before == '$': _hard ??= "$'…' stands before it"; break;
            case '\'' or '"': Quote = c; break;
            case '`': _hard ??= "backquotes stand before it"; break;
            case '$' when Next == '{': _hard ??= "${…} stands before it"; break;
            case '(' when Next == '(': _hard ??= "arithmetic stands before it"; break;
            case '[' when Next == '[' || Before == '$': _hard ??= "[[ or $[ stands before it"; break;
            case '<' when Next == '<':
                if (_at + 2 < command.Length && command[_at + 2] == '<') _at += 2;
                else _hard ??= "a here-document stands before it";
                break;
            case '#' when Before is ' ' or '\t' or '\n' or ';' or '|' or '&' or '(' or ')' or '\0': _comment = true; break;
        }
    }

    private char Before => _at > 0 ? command[_at - 1] : '\0';
    private char Next => _at + 1 < command.Length ? command[_at + 1] : '\0';
}
