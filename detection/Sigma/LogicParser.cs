using System.Collections.Immutable;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>
/// Reads names joined by 'not', 'and', 'or' and brackets: 'not' binds tighter than 'and', 'and' tighter than 'or'; words of the
/// language are read without case. What a name is, the language on top of it says. The first fault ends the reading.
/// </summary>
internal abstract class LogicParser<T>(YamlScalar text, int maxDepth, FaultList faults) where T : class
{
    private readonly List<(string Text, int Column)> _tokens = Split(text.Text);

    protected bool Failed { get; private set; }

    /// <summary>The token to be read next; "" at the end.</summary>
    protected string Peek => PeekAt(0);

    /// <summary>Where the next token stands; at the end, where the last one ends.</summary>
    protected YamlMark Here
    {
        get
        {
            var offset = !AtEnd ? _tokens[Next].Column : _tokens.Count == 0 ? 0 : _tokens[^1].Column + _tokens[^1].Text.Length;
            return text.Mark with { Column = text.Mark.Column + offset };
        }
    }

    protected bool AtEnd => Next >= _tokens.Count;

    protected int Next { get; set; }

    protected string PeekAt(int ahead) => Next + ahead < _tokens.Count ? _tokens[Next + ahead].Text : "";

    protected bool Names(string word) => _tokens.Exists(t => t.Text.Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The whole text, or null after a report.</summary>
    protected T? Read()
    {
        var result = Or(0);
        if (!Failed && !AtEnd) Fail($"'{YamlReader.Shorten(Peek)}' does not belong here");
        return Failed ? null : result;
    }

    /// <summary>Reads one name or what stands for one; null after <see cref="Fail"/>.</summary>
    protected abstract T? Operand();

    protected abstract T Any(ImmutableArray<T> parts);

    protected abstract T All(ImmutableArray<T> parts);

    protected abstract T Not(T part);

    /// <summary>Reports the first fault at the next token.</summary>
    protected T? Fail(Phrase message, Phrase? hint = null, FaultRemedy? remedy = null)
    {
        if (Failed) return null;
        Failed = true;
        faults.Error(Here, FaultCodes.Condition, message, hint, remedy);
        return null;
    }

    private T? Or(int depth) => Chain(depth, "or", And, Any);

    private T? And(int depth) => Chain(depth, "and", Negation, All);

    private T? Chain(int depth, string word, Func<int, T?> operand, Func<ImmutableArray<T>, T> join)
    {
        if (operand(depth) is not { } first) return null;
        var parts = ImmutableArray.CreateBuilder<T>();
        parts.Add(first);
        while (Take(word))
        {
            if (operand(depth) is not { } part) return null;
            parts.Add(part);
        }
        return parts.Count == 1 ? first : join(parts.ToImmutable());
    }

    private T? Negation(int depth)
    {
        if (depth > maxDepth) return Fail($"the condition is nested deeper than {maxDepth}");
        if (!Take("not")) return Primary(depth);
        return Negation(depth + 1) is { } part ? Not(part) : null;
    }

    private T? Primary(int depth)
    {
        if (AtEnd) return Fail("the condition ends too early");
        if (!Take("(")) return Operand();
        if (Or(depth + 1) is not { } inner) return null;
        return Take(")") ? inner : Fail("a ')' is missing");
    }

    private bool Take(string word)
    {
        if (!Peek.Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        Next++;
        return true;
    }

    private static List<(string, int)> Split(string text)
    {
        var tokens = new List<(string, int)>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }
            var start = i++;
            if (text[start] is not ('(' or ')'))
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')')) i++;
            tokens.Add((text[start..i], start));
        }
        return tokens;
    }
}
