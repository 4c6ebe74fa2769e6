using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>Walks a PowerShell script (about_Quoting_Rules, about_Parsing) and knows at each place whether a variable is filled in there.</summary>
internal sealed class PowerShellPlace(string command)
{
    private enum Kind { Plain, Single, Double, HereSingle, HereDouble, Line, Block, Verbatim }

    private int _at;
    private Kind _kind;
    private bool _expression;

    /// <summary>Goes on behind what stood in the text.</summary>
    public void Skip(int to) => _at = to;

    /// <returns>Why nothing may be put in there, or null.</returns>
    public Phrase? Reach(int to)
    {
        var escaped = false;
        while (_at < to)
        {
            escaped = _kind is Kind.Plain or Kind.Double or Kind.HereDouble && command[_at] == '`';
            if (escaped && _at + 1 < to)
            {
                _at += 2;
                escaped = false;
            }
            else Step();
        }
        if (escaped) return "a backtick stands before it";
        if (to > 0 && command[to - 1] == '$') return "a $ stands before it";
        return _kind switch
        {
            Kind.Single or Kind.HereSingle => (Phrase)"PowerShell fills nothing in between single quotes; put it in double ones",
            Kind.Line or Kind.Block => "it is a comment",
            Kind.Verbatim => "--% stands before it",
            Kind.Double or Kind.HereDouble when _expression => "an expression within double quotes stands before it",
            _ => null,
        };
    }

    private void Step()
    {
        var c = command[_at++];
        switch (_kind)
        {
            case Kind.Plain: Plain(c); break;
            case Kind.Single when IsSingle(c): _kind = Kind.Plain; break;
            case Kind.Double when IsDouble(c): _kind = Kind.Plain; break;
            case Kind.Double or Kind.HereDouble when c == '$' && Peek(0) == '(': _expression = true; break;
            case Kind.HereSingle or Kind.HereDouble when c == '\n' && (_kind == Kind.HereSingle ? IsSingle(Peek(0)) : IsDouble(Peek(0))) && Peek(1) == '@':
                _at += 2;
                _kind = Kind.Plain;
                break;
            case Kind.Line or Kind.Verbatim when c == '\n': _kind = Kind.Plain; break;
            case Kind.Block when c == '#' && Peek(0) == '>':
                _at++;
                _kind = Kind.Plain;
                break;
        }
    }

    private void Plain(char c)
    {
        if (c == '@' && (IsSingle(Peek(0)) || IsDouble(Peek(0))))
        {
            (_kind, _expression) = (IsSingle(Peek(0)) ? Kind.HereSingle : Kind.HereDouble, false);
            _at++;
        }
        else if (IsSingle(c)) _kind = Kind.Single;
        else if (IsDouble(c)) (_kind, _expression) = (Kind.Double, false);
        else if (c == '<' && Peek(0) == '#')
        {
            _at++;
            _kind = Kind.Block;
        }
        else if (c == '#' && (_at < 2 || char.IsWhiteSpace(Peek(-2)) || Peek(-2) is ';' or '|' or '&' or '(' or ')' or '{' or '}')) _kind = Kind.Line;
        else if (c == '-' && Peek(0) == '-' && Peek(1) == '%') _kind = Kind.Verbatim;
    }

    private char Peek(int by) => _at + by >= 0 && _at + by < command.Length ? command[_at + by] : '\0';

    // PowerShell takes typographic quotes for plain ones.
    private static bool IsSingle(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';
    private static bool IsDouble(char c) => c is '"' or '\u201c' or '\u201d' or '\u201e';
}
