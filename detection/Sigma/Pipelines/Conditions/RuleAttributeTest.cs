using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'rule_attribute': a property of the rule, or one that 'set_custom_attribute' gave it, compared with a value.</summary>
internal sealed class RuleAttributeTest(string attribute, Constant value, Relation relation, YamlMark mark) : IRuleTest
{
    /// <summary>pySigma's order of status.</summary>
    private static readonly string[] Statuses = ["unsupported", "deprecated", "experimental", "test", "stable"];
    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];
    private static readonly string[] Texts = ["id", "title", "status", "level", "author", "description"];
    private static readonly string[] Lists = ["tags", "references", "falsepositives"];

    public static RuleAttributeTest? Read(Arguments arguments)
    {
        var (attribute, value, relation) = (arguments.Text("attribute", required: true), arguments.Constant("value"), RelationName.Read(arguments, lists: true));
        if (attribute is null || value is null || relation is null) return null;
        var isOrder = relation is Relation.Less or Relation.LessOrEqual or Relation.Greater or Relation.GreaterOrEqual;
        if (attribute is "level" && !Levels.Contains(value.Text)) arguments.Error("value", FaultCodes.Value, $"'{YamlReader.Shorten(value.Text)}' is not a level", $"the levels are {string.Join(", ", Levels)}");
        else if (attribute is "status" && !Statuses.Contains(value.Text)) arguments.Error("value", FaultCodes.Value, $"'{YamlReader.Shorten(value.Text)}' is not a status", $"they are {string.Join(", ", Statuses)}");
        else if (attribute is not ("level" or "status") && Texts.Contains(attribute) && (isOrder || relation is Relation.In or Relation.NotIn))
            arguments.Error("op", FaultCodes.Value, $"the attribute '{attribute}' is a text: it is compared with eq and ne");
        else if (attribute is "level" or "status" && relation is Relation.In or Relation.NotIn)
            arguments.Error("op", FaultCodes.Value, $"the attribute '{attribute}' is no list");
        else return new RuleAttributeTest(attribute, value, relation.Value, arguments.Mark);
        return null;
    }

    /// <summary>The rule has it of itself; any other must be set by a pipeline.</summary>
    public static bool IsOwn(string name) => Texts.Contains(name) || Lists.Contains(name);

    public string Attribute => attribute;
    public YamlMark Mark => mark;

    public bool Test(RuleDraft draft)
    {
        var rule = draft.Rule;
        switch (attribute)
        {
            case "level": return RelationName.Holds(relation, LevelOf(rule.Level).CompareTo(Array.IndexOf(Levels, value.Text)));
            case "status": return Array.IndexOf(Statuses, rule.Status) is var status and >= 0 && RelationName.Holds(relation, status.CompareTo(Array.IndexOf(Statuses, value.Text)));
            case "tags": return InList(rule.Tags);
            case "references": return InList(rule.References);
            case "falsepositives": return InList(rule.FalsePositives);
        }
        var own = attribute switch { "id" => rule.Id, "title" => rule.Title, "author" => rule.Author, "description" => rule.Description, _ => null };
        if (own is not null) return own == value.Text == (relation == Relation.Equal);
        return draft.Attributes.TryGetValue(attribute, out var custom) && RelationName.Holds(relation, custom, value);
    }

    private bool InList(IReadOnlyList<string> list) => relation switch
    {
        Relation.In => list.Contains(value.Text),
        Relation.NotIn => !list.Contains(value.Text),
        Relation.NotEqual => true,
        _ => false,
    };

    private static int LevelOf(Severity level) => level switch
    {
        Severity.Informational => 0,
        Severity.Low => 1,
        Severity.Medium => 2,
        Severity.High => 3,
        _ => 4,
    };
}
