using System.Collections.Immutable;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Filters;

/// <summary>A Sigma filter as it was written, read and checked by itself: a condition that is added to other rules (Sigma filters specification 2.1). Immutable.</summary>
public sealed record SigmaFilter
{
    /// <summary>A UUID, as the document writes it.</summary>
    public required string Id { get; init; }
    public string Name { get; init; } = "";
    public required string Title { get; init; }
    public string Description { get; init; } = "";
    public string Author { get; init; } = "";
    public IReadOnlyList<string> References { get; init; } = [];
    public required SigmaLogSource LogSource { get; init; }
    /// <summary>Ids or names of the rules it is for; empty where it is for every rule of its log source.</summary>
    public required ImmutableArray<string> Rules { get; init; }
    /// <summary>File that it was read from.</summary>
    public required string File { get; init; }
    /// <summary>First line of its document, from 1.</summary>
    public required int Line { get; init; }
    /// <summary>Text of its document.</summary>
    public required string Source { get; init; }

    /// <summary>It is for every rule of its log source.</summary>
    public bool AppliesToAny => Rules.IsEmpty;

    internal SigmaCondition Condition { get; init; } = null!;
    internal IReadOnlyList<string> UnresolvedPlaceholders { get; init; } = [];
    internal ImmutableArray<YamlMark> RuleMarks { get; init; } = [];

    /// <summary>What the filter says of its log source holds for the rule's.</summary>
    internal bool Fits(SigmaLogSource rule) => Fits(LogSource.Product, rule.Product) && Fits(LogSource.Category, rule.Category) && Fits(LogSource.Service, rule.Service);

    private static bool Fits(string wanted, string given) => wanted.Length == 0 || wanted == given;
}
