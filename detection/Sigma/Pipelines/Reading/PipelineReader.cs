using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Beacon.Detections.Sigma.Pipelines.Conditions;
using Beacon.Detections.Sigma.Pipelines.Transformations;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>
/// Reads pipeline files in pySigma's YAML form (pySigma documentation, "Processing Pipelines"). Every fault of a file is reported with
/// its place; a file with an error gives no pipeline, and its neighbours are not touched.
/// </summary>
internal sealed class PipelineReader
{
    private static readonly ConditionReader<IRuleTest> RuleConditions = new("rule", StepList.RuleTests);
    private static readonly ConditionReader<IItemTest> ItemConditions = new("detection_item", StepList.ItemTests);
    private static readonly ConditionReader<IFieldTest> FieldConditions = new("field_name", StepList.FieldTests);

    private readonly FaultList _faults;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _items;

    private PipelineReader(FaultList faults) => _faults = faults;

    public static IReadOnlyList<SigmaPipeline> ReadFile(string path, List<SigmaFault> faults)
    {
        var own = new FaultList(path);
        IReadOnlyList<SigmaPipeline> pipelines = [];
        try
        {
            var size = new FileInfo(path).Length;
            if (size <= YamlReader.MaxCharacters * 4L) pipelines = Read(File.ReadAllText(path), own);
            else own.Error(YamlMark.Start, FaultCodes.TooLarge, $"the file holds {size} bytes; at most {YamlReader.MaxCharacters} characters are read");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            own.Error(YamlMark.Start, FaultCodes.Unreadable, $"the file cannot be read: {fault.Message}");
        }
        faults.AddRange(InOrder(own));
        return pipelines;
    }

    /// <summary>Faults in the order in which they stand in the file.</summary>
    public static IEnumerable<SigmaFault> InOrder(FaultList faults) => faults.Faults.OrderBy(static f => (f.Line, f.Column));

    /// <summary>The pipelines of a text, one a document; none where anything in it is wrong.</summary>
    public static IReadOnlyList<SigmaPipeline> Read(string text, FaultList faults)
    {
        var pipelines = new List<SigmaPipeline>();
        foreach (var document in YamlReader.Read(text, faults))
        {
            if (document.Root is YamlScalar { IsNull: true }) continue;
            if (document.Root is not YamlMap map) faults.Error(document.Root.Mark, FaultCodes.Structure, $"a pipeline is a map, not {document.Root.Kind}");
            else pipelines.Add(new PipelineReader(faults).Pipeline(map));
        }
        if (pipelines.Count == 0 && faults.Errors == 0) faults.Error(YamlMark.Start, FaultCodes.Missing, "the file holds no pipeline");
        return faults.Errors == 0 ? pipelines : [];
    }

    private SigmaPipeline Pipeline(YamlMap map)
    {
        var arguments = new Arguments(map, "the pipeline", _faults);
        var (name, priority) = (arguments.Text("name"), arguments.Number("priority", 0));
        if (arguments.Texts("allowed_backends") is { Count: > 0 } backends && !backends.Contains("beacon"))
            _faults.Warn(arguments.Node("allowed_backends")!.Mark, FaultCodes.Unsupported, $"the pipeline was written for {YamlReader.Shorten(string.Join(", ", backends))}", "check that its field names are those of events here");
        foreach (var key in new[] { "postprocessing", "finalizers" })
            if (arguments.Node(key) is { } node and not YamlList { Items.Count: 0 })
                _faults.Error(node.Mark, FaultCodes.Unsupported, $"'{key}' changes the text of queries, and rules are run without one", "leave it out");
        var variables = Variables(arguments);
        var items = Items(arguments, "transformations", 0);
        arguments.RefuseRest();
        CheckAttributes(items);
        return new SigmaPipeline(string.IsNullOrWhiteSpace(name) ? Path.GetFileNameWithoutExtension(_faults.File) : name.Trim(), priority, _faults.File, variables, items);
    }

    private static Dictionary<string, IReadOnlyList<string>> Variables(Arguments arguments)
    {
        var variables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (arguments.Map("vars") is not { } map) return variables;
        foreach (var (key, value) in map.Entries)
            if (arguments.TextsOf(value, $"the variable '{YamlReader.Shorten(key.Text)}'") is { } texts) variables[key.Text] = texts;
        return variables;
    }

    private ImmutableArray<ProcessingItem> Items(Arguments arguments, string key, int depth)
    {
        switch (arguments.Node(key))
        {
            case null: return [];
            case YamlList list when depth <= PipelineLimits.Depth:
                var items = ImmutableArray.CreateBuilder<ProcessingItem>();
                foreach (var node in list.Items)
                {
                    if (node is not YamlMap map) _faults.Error(node.Mark, FaultCodes.Structure, $"a transformation is a map, not {node.Kind}");
                    else if (++_items > PipelineLimits.Items)
                    {
                        _faults.Error(node.Mark, FaultCodes.TooLarge, $"the pipeline has more than {PipelineLimits.Items} transformations", "split it");
                        break;
                    }
                    else if (Item(map, depth) is { } item) items.Add(item);
                }
                return items.ToImmutable();
            case YamlList list:
                _faults.Error(list.Mark, FaultCodes.TooLarge, $"transformations are nested deeper than {PipelineLimits.Depth}");
                return [];
            case var other:
                _faults.Error(other.Mark, FaultCodes.Structure, $"'{key}' is a list, not {other.Kind}");
                return [];
        }
    }

    private ProcessingItem? Item(YamlMap map, int depth)
    {
        if (map.Find("type") is not YamlScalar { IsNull: false } type)
        {
            _faults.Error(map.Mark, FaultCodes.Missing, "the transformation has no type");
            return null;
        }
        if (StepList.Refused.TryGetValue(type.Text, out var hint))
        {
            _faults.Error(type.Mark, FaultCodes.Unsupported, $"the transformation '{type.Text}' cannot be run", hint);
            return null;
        }
        var isNest = type.Text == "nest";
        if (!StepList.Transformations.TryGetValue(type.Text, out var read) && !isNest)
        {
            _faults.Error(type.Mark, FaultCodes.Unknown, $"there is no transformation '{YamlReader.Shorten(type.Text)}'", $"they are nest, {string.Join(", ", StepList.Transformations.Keys.Order(StringComparer.Ordinal))}");
            return null;
        }
        var arguments = new Arguments(map, $"the transformation '{type.Text}'", _faults);
        arguments.Node("type");
        var id = arguments.Text("id") is { Length: > 0 } given ? given : string.Create(CultureInfo.InvariantCulture, $"{_faults.File}:{map.Mark.Line}");
        if (!_ids.Add(id) && arguments.Has("id")) arguments.Error("id", FaultCodes.Duplicate, $"the id '{YamlReader.Shorten(id)}' stands twice in this pipeline");
        var (rule, items, fields) = (RuleConditions.Read(arguments), ItemConditions.Read(arguments), FieldConditions.Read(arguments));
        if (isNest && arguments.Node("items") is null) arguments.Missing("items");
        var transformation = isNest ? new Nest(Items(arguments, "items", depth + 1)) : read!(arguments);
        if ((items is not null || fields is not null) && transformation is not (null or ItemTransformation or FieldTransformation))
            _faults.Error(map.Mark, FaultCodes.Condition, $"the transformation '{type.Text}' works on the whole rule: it takes no conditions on items or fields", "use rule_conditions");
        arguments.RefuseRest();
        return transformation is null ? null : new ProcessingItem(id, transformation, rule, items, fields);
    }

    /// <summary>An attribute that nothing sets would never hold.</summary>
    private void CheckAttributes(ImmutableArray<ProcessingItem> items)
    {
        var all = Flat(items).ToArray();
        var set = all.Select(static i => i.Transformation).OfType<SetCustomAttribute>().Select(static s => s.Attribute).ToHashSet(StringComparer.Ordinal);
        foreach (var test in all.SelectMany(static i => i.Rule?.Tests ?? []).OfType<RuleAttributeTest>())
            if (!RuleAttributeTest.IsOwn(test.Attribute) && !set.Contains(test.Attribute))
                _faults.Error(test.Mark, FaultCodes.Unknown, $"rules here have no attribute '{YamlReader.Shorten(test.Attribute)}', and no set_custom_attribute of this file sets it",
                    "rules have id, title, status, level, author, description, tags, references, falsepositives");
    }

    internal static IEnumerable<ProcessingItem> Flat(IEnumerable<ProcessingItem> items) =>
        items.SelectMany(static i => i.Transformation is Nest nest ? Flat(nest.Items).Prepend(i) : [i]);
}
