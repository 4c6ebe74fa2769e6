using Beacon.Detections.Attack;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Conventions;
using Beacon.Detections.Sigma.Modifiers;
using Beacon.Events;

namespace Beacon.Detections.Rules.Completion;

/// <summary>The words that rules are written in: those of Sigma, of ATT&amp;CK, of ECS, and the fields that the rules here use.</summary>
public sealed class RuleVocabulary
{
    private readonly RuleCatalog _catalog;
    private readonly Lock _gate = new();
    private (object Of, IReadOnlyDictionary<string, IReadOnlyList<string>> Fields)? _known;

    public RuleVocabulary(RuleCatalog catalog, IEnumerable<IScheduledDetector> detectors)
    {
        _catalog = catalog;
        Detectors = [.. detectors.Select(static d => d.Name).Order(StringComparer.Ordinal)];
        Tags =
        [
            .. AttackCatalog.Tactics.Where(static t => t.State.Length == 0 && t.Domain != AttackDomain.Mobile).DistinctBy(static t => t.ShortName).Select(static t => ("attack." + t.ShortName, t.Name)),
            .. AttackCatalog.Techniques.Where(static t => t.State.Length == 0 && t.Domain != AttackDomain.Mobile).OrderBy(static t => t.Id, StringComparer.Ordinal).Select(static t => ("attack." + t.Id.ToLowerInvariant(), t.Name)),
        ];
    }

    public static IReadOnlyList<string> Modifiers { get; } = [.. ModifierSet.Names];
    public static IReadOnlyList<string> Statuses { get; } = ["stable", "test", "experimental", "deprecated", "unsupported"];
    public static IReadOnlyList<string> Levels { get; } = ["informational", "low", "medium", "high", "critical"];

    /// <summary>Names of the scheduled detectors.</summary>
    public IReadOnlyList<string> Detectors { get; }

    /// <summary>Tags of ATT&amp;CK with the names of what they stand for.</summary>
    public IReadOnlyList<(string Tag, string Name)> Tags { get; }

    public static IReadOnlyList<string> Products => LogSourceTaxonomy.ProductNames;

    /// <param name="product">Empty for those that need none.</param>
    public static IReadOnlyList<string> Categories(string product) => LogSourceTaxonomy.CategoriesOf(product);

    /// <param name="product">Empty for those that need none.</param>
    public static IReadOnlyList<string> Services(string product) => LogSourceTaxonomy.ServicesOf(product);

    /// <summary>Names of fields that rules on a product use, the most frequent first, then those of ECS.</summary>
    /// <param name="product">Empty for all.</param>
    public IReadOnlyList<string> Fields(string product)
    {
        var current = _catalog.Current;
        lock (_gate)
        {
            if (_known is not { } known || !ReferenceEquals(known.Of, current)) _known = known = (current, Read(current));
            return known.Fields.GetValueOrDefault(product.ToLowerInvariant()) ?? known.Fields[""];
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Read(RuleCatalog.Snapshot current)
    {
        var used = current.Rules.Where(static r => r.Sigma is not null).SelectMany(static r => FieldsOf(r.Sigma!.Condition).Distinct().Select(f => (r.Sigma!.LogSource.Product, Field: f))).ToList();
        string[] ecs = [.. EcsFields.DeclaredNames.Order(StringComparer.Ordinal)];
        IReadOnlyList<string> Of(IEnumerable<(string Product, string Field)> fields) =>
            [.. fields.GroupBy(static f => f.Field).OrderByDescending(static g => g.Count()).ThenBy(static g => g.Key, StringComparer.Ordinal).Select(static g => g.Key).Concat(ecs).Distinct(StringComparer.Ordinal)];
        var all = used.GroupBy(static f => f.Product.ToLowerInvariant()).ToDictionary(static g => g.Key, g => Of(g));
        all[""] = Of(used);
        return all;
    }

    private static IEnumerable<string> FieldsOf(SigmaCondition condition) => condition switch
    {
        SelectionCondition selection => FieldsOf(selection.Selection.Item),
        NotCondition not => FieldsOf(not.Part),
        AndCondition and => and.Parts.SelectMany(FieldsOf),
        OrCondition or => or.Parts.SelectMany(FieldsOf),
        _ => [],
    };

    private static IEnumerable<string> FieldsOf(SigmaItem item) => item switch
    {
        AllItems all => all.Parts.SelectMany(FieldsOf),
        AnyItem any => any.Parts.SelectMany(FieldsOf),
        FieldItem { Field: { } field } => [field],
        _ => [],
    };
}
