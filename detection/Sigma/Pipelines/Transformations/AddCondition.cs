using System.Collections.Immutable;
using Beacon.Detections.Sigma.Pipelines.Conditions;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>
/// 'add_condition': a further selection must hold, or must not ('negated'). It is written as one of a rule, modifiers and lists of maps
/// included; with 'template' its texts may hold $category, $product and $service.
/// </summary>
internal sealed class AddCondition(string name, SigmaItem condition, bool template, bool negated) : ITransformation
{
    public bool IsNegated => negated;

    public static AddCondition? Read(Arguments arguments)
    {
        var (name, template, negated) = (arguments.Text("name"), arguments.Flag("template"), arguments.Flag("negated"));
        if (arguments.Node("conditions") is not { } node)
        {
            arguments.Missing("conditions");
            return null;
        }
        if (node is not (YamlMap or YamlList))
        {
            arguments.Error("conditions", FaultCodes.Structure, $"'conditions' is a map, or a list of maps, not {node.Kind}");
            return null;
        }
        return DetectionReader.Item(node, arguments.Faults, SigmaReaderOptions.Default) is { } item ? new AddCondition(name ?? "_added", item, template, negated) : null;
    }

    /// <summary>The selection for rules of a log source.</summary>
    public SigmaItem For(SigmaLogSource source) => template ? Fill(condition, source) : condition;

    public void Apply(RuleDraft draft, ProcessingItem item)
    {
        var selection = new DraftSelection(name, DraftItem.Of(For(draft.State.LogSource)));
        draft.Added.Add(new AddedCondition(selection, negated, item.Rule?.Tests.OfType<LogSourceTest>().Any() == true));
        item.Mark(selection.Root!);
    }

    private static SigmaItem Fill(SigmaItem item, SigmaLogSource source) => item switch
    {
        AllItems all => new AllItems([.. all.Parts.Select(p => Fill(p, source))]),
        AnyItem any => new AnyItem([.. any.Parts.Select(p => Fill(p, source))]),
        FieldItem field => field with { Values = field.Values.Select(v => v is PatternValue text ? new PatternValue(SourceText.Fill(text.Pattern, source)) : v).ToImmutableArray() },
        _ => item,
    };
}
