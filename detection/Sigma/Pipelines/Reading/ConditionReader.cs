using System.Collections.Immutable;
using Beacon.Detections.Sigma.Pipelines.Conditions;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>Reads the conditions of one kind of a transformation: X_conditions as a list, or as a map of names for X_cond_expr; X_cond_op; X_cond_not.</summary>
/// <param name="kind">"rule", "detection_item" or "field_name".</param>
internal sealed class ConditionReader<TTest>(string kind, IReadOnlyDictionary<string, Func<Arguments, TTest?>> types) where TTest : class
{
    /// <summary>The conditions, or null where there is none; what is wrong is reported.</summary>
    public TestTree<TTest>? Read(Arguments item)
    {
        var (node, any, not) = (item.Node(kind + "_conditions"), item.Choice(kind + "_cond_op", "", "and", "or"), item.Flag(kind + "_cond_not"));
        var expression = item.Node(kind + "_cond_expr") ?? item.Node(kind + "_cond_expression");
        var tests = new List<(string Name, TTest Test)>();
        switch (node)
        {
            case null or YamlScalar { IsNull: true }:
                if (expression is not null) item.Faults.Error(expression.Mark, FaultCodes.Condition, $"the expression needs '{kind}_conditions' with names");
                return null;
            case YamlList { Items.Count: <= PipelineLimits.Conditions } list:
                foreach (var entry in list.Items)
                    if (Test(entry, item.Faults) is { } test) tests.Add(("", test));
                break;
            case YamlMap { Entries.Count: <= PipelineLimits.Conditions } map:
                foreach (var (name, value) in map.Entries)
                    if (Test(value, item.Faults) is { } test) tests.Add((name.Text, test));
                break;
            default:
                item.Faults.Error(node.Mark, FaultCodes.Structure, $"'{kind}_conditions' is a list, or a map of names, of at most {PipelineLimits.Conditions} conditions");
                return null;
        }
        if (expression is not null) return Expression(expression, any != "", node, tests, item.Faults) is { } linked ? Negate(linked, not) : null;
        if (tests.Count == 0) return null;
        ImmutableArray<TestTree<TTest>> leaves = [.. tests.Select(static t => new TestLeaf<TTest>(t.Test))];
        return Negate(leaves.Length == 1 ? leaves[0] : any == "or" ? new TestAny<TTest>(leaves) : new TestAll<TTest>(leaves), not);
    }

    private TestTree<TTest>? Expression(YamlNode expression, bool hasOperator, YamlNode conditions, List<(string Name, TTest Test)> tests, FaultList faults)
    {
        if (hasOperator) faults.Error(expression.Mark, FaultCodes.Condition, $"'{kind}_cond_expr' and '{kind}_cond_op' exclude each other");
        else if (conditions is not YamlMap map) faults.Error(expression.Mark, FaultCodes.Condition, $"an expression needs '{kind}_conditions' as a map of names");
        else if (expression is not YamlScalar text) faults.Error(expression.Mark, FaultCodes.Structure, "an expression is text");
        // A condition that was reported leaves the expression without a name: it is not blamed too.
        else if (map.Entries.Count == tests.Count) return TestExpression<TTest>.Read(text, tests.ToDictionary(static t => t.Name, static t => t.Test, StringComparer.Ordinal), faults);
        return null;
    }

    private TTest? Test(YamlNode node, FaultList faults)
    {
        if (node is not YamlMap map)
        {
            faults.Error(node.Mark, FaultCodes.Structure, $"a condition is a map, not {node.Kind}");
            return null;
        }
        if (map.Find("type") is not YamlScalar { IsNull: false } type)
        {
            faults.Error(map.Mark, FaultCodes.Missing, "the condition has no type");
            return null;
        }
        if (!types.TryGetValue(type.Text, out var read))
        {
            faults.Error(type.Mark, FaultCodes.Unknown, $"there is no {kind.Replace('_', ' ')} condition '{YamlReader.Shorten(type.Text)}'", $"they are {string.Join(", ", types.Keys.Order(StringComparer.Ordinal))}");
            return null;
        }
        var arguments = new Arguments(map, $"the condition '{type.Text}'", faults);
        arguments.Node("type");
        var test = read(arguments);
        arguments.RefuseRest();
        return test;
    }

    private static TestTree<TTest> Negate(TestTree<TTest> tree, bool not) => not ? new TestNot<TTest>(tree) : tree;
}
