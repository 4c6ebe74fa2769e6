namespace Beacon.Detections.Sigma.Pipelines.Drafts;

/// <summary>A part of a selection while pipelines change it.</summary>
internal abstract class DraftNode;

/// <summary>Parts that all must hold, or of which one must.</summary>
internal sealed class DraftGroup(bool all, IEnumerable<DraftNode> parts) : DraftNode
{
    public bool All => all;
    public List<DraftNode> Parts { get; } = [.. parts];
}

/// <summary>A field's values, or keywords where there is no field.</summary>
internal sealed class DraftItem(IEnumerable<string> fields, IEnumerable<SigmaValue> values) : DraftNode
{
    /// <summary>Several names count as one field with all their values; none: keywords.</summary>
    public List<string> Fields { get; set; } = [.. fields];
    public List<SigmaValue> Values { get; set; } = [.. values];
    public bool All { get; set; }
    public bool Cased { get; set; }
    public bool Negated { get; init; }

    /// <summary>A table named the fields: they are no longer the rule's own names.</summary>
    public bool IsMapped { get; set; }

    /// <summary>Names in references to other fields that a table gave.</summary>
    public HashSet<string> MappedReferences { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the transformations that changed it.</summary>
    public HashSet<string> Applied { get; init; } = new(StringComparer.Ordinal);

    public bool IsKeywords => Fields.Count == 0;

    /// <summary>The same item with another field and other values.</summary>
    public DraftItem With(IEnumerable<string> names, IEnumerable<SigmaValue> newValues) => new(names, newValues)
    {
        All = All, Cased = Cased, Negated = Negated, IsMapped = IsMapped, MappedReferences = [.. MappedReferences], Applied = [.. Applied],
    };

    public static DraftNode Of(SigmaItem item) => item switch
    {
        AllItems all => new DraftGroup(true, all.Parts.Select(Of)),
        AnyItem any => new DraftGroup(false, any.Parts.Select(Of)),
        FieldItem field => new DraftItem(field.Field is null ? [] : [field.Field], field.Values) { All = field.All, Cased = field.Cased, Negated = field.Negated },
        _ => throw new InvalidOperationException($"no such item: {item.GetType().Name}"),
    };
}

/// <summary>A named selection; its root is null once a pipeline dropped all of it.</summary>
internal sealed class DraftSelection(string name, DraftNode? root)
{
    public string Name => name;
    public DraftNode? Root { get; set; } = root;
}

/// <summary>A condition that a pipeline adds to the rule's own.</summary>
/// <param name="ForLogSource">It says which events a log source's are: its transformation was chosen by log source.</param>
internal sealed record AddedCondition(DraftSelection Selection, bool Negated, bool ForLogSource);
