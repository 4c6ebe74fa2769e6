using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>Reads an expression over named conditions: 'not' binds tighter than 'and', 'and' tighter than 'or'; brackets.</summary>
internal sealed class TestExpression<TTest>
{
    private readonly YamlScalar _text;
    private readonly IReadOnlyDictionary<string, TTest> _named;
    private readonly FaultList _faults;
    private readonly List<string> _words = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private int _next;
    private bool _failed;

    private TestExpression(YamlScalar text, IReadOnlyDictionary<string, TTest> named, FaultList faults) => (_text, _named, _faults) = (text, named, faults);

    /// <summary>The tree, or null after a report. Every condition must be named in it.</summary>
    public static TestTree<TTest>? Read(YamlScalar text, IReadOnlyDictionary<string, TTest> named, FaultList faults)
    {
        var reader = new TestExpression<TTest>(text, named, faults);
        reader.Split();
        var tree = reader.Or(0);
        if (!reader._failed && reader._next < reader._words.Count) reader.Fail($"'{YamlReader.Shorten(reader.Peek)}' does not belong here");
        if (reader._failed) return null;
        if (named.Keys.FirstOrDefault(n => !reader._used.Contains(n)) is { } unused)
        {
            reader.Fail($"the condition '{YamlReader.Shorten(unused)}' is not part of the expression", "name every condition, or leave it out");
            return null;
        }
        return tree;
    }

    private string Peek => _next < _words.Count ? _words[_next] : "";

    private bool Take(string word)
    {
        if (Peek != word) return false;
        _next++;
        return true;
    }

    private TestTree<TTest>? Or(int depth) => Chain(depth, "or", And, static parts => new TestAny<TTest>([.. parts]));

    private TestTree<TTest>? And(int depth) => Chain(depth, "and", Not, static parts => new TestAll<TTest>([.. parts]));

    private TestTree<TTest>? Chain(int depth, string word, Func<int, TestTree<TTest>?> operand, Func<List<TestTree<TTest>>, TestTree<TTest>> join)
    {
        if (operand(depth) is not { } first) return null;
        List<TestTree<TTest>> parts = [first];
        while (Take(word))
        {
            if (operand(depth) is not { } part) return null;
            parts.Add(part);
        }
        return parts.Count == 1 ? first : join(parts);
    }

    private TestTree<TTest>? Not(int depth)
    {
        if (depth > PipelineLimits.ExpressionDepth) return Fail($"the expression is nested deeper than {PipelineLimits.ExpressionDepth}");
        if (Take("not")) return Not(depth + 1) is { } part ? new TestNot<TTest>(part) : null;
        if (Take("("))
        {
            if (Or(depth + 1) is not { } inner) return null;
            return Take(")") ? inner : Fail("a ')' is missing");
        }
        var name = Peek;
        if (name.Length == 0) return Fail("the expression ends too early");
        if (!_named.TryGetValue(name, out var test)) return Fail($"there is no condition '{YamlReader.Shorten(name)}'", $"the conditions are {string.Join(", ", _named.Keys.Take(20))}");
        _next++;
        _used.Add(name);
        return new TestLeaf<TTest>(test);
    }

    private TestTree<TTest>? Fail(Phrase message, Phrase? hint = null)
    {
        if (!_failed) _faults.Error(_text.Mark, FaultCodes.Condition, message, hint);
        _failed = true;
        return null;
    }

    private void Split()
    {
        var text = _text.Text;
        for (var i = 0; i < text.Length && !_failed;)
        {
            var start = i++;
            if (char.IsWhiteSpace(text[start])) continue;
            if (text[start] is not ('(' or ')'))
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')')) i++;
            _words.Add(text[start..i]);
            if (_words.Count > PipelineLimits.ExpressionWords) Fail($"the expression has more than {PipelineLimits.ExpressionWords} words");
        }
    }
}
