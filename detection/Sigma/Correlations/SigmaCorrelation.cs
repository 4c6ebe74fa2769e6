using System.Collections.Immutable;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>A name under which different rules' fields are one: "group-by" may list it.</summary>
/// <param name="Fields">The field by the rule's reference, as the document writes it.</param>
public sealed record SigmaFieldAlias(string Name, IReadOnlyDictionary<string, string> Fields);

/// <summary>A Sigma correlation rule as it was written, read and checked by itself; its references are resolved when rules are compiled. Immutable.</summary>
public sealed record SigmaCorrelation
{
    /// <summary>A UUID, as the rule writes it.</summary>
    public required string Id { get; init; }
    /// <summary>Name by which other correlations refer to it, or empty.</summary>
    public string Name { get; init; } = "";
    public required string Title { get; init; }
    /// <summary>"stable", "test", "experimental", "deprecated", "unsupported", or empty.</summary>
    public string Status { get; init; } = "";
    public string Description { get; init; } = "";
    public string Author { get; init; } = "";
    public IReadOnlyList<string> References { get; init; } = [];
    /// <summary>Where the document gives none: the highest of its rules, once they are known.</summary>
    public required Severity Level { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> FalsePositives { get; init; } = [];
    /// <summary>File that it was read from.</summary>
    public required string File { get; init; }
    /// <summary>First line of its document, from 1.</summary>
    public required int Line { get; init; }
    /// <summary>Text of its document.</summary>
    public required string Source { get; init; }

    public required SigmaCorrelationType Type { get; init; }
    /// <summary>Ids or names of the rules and correlations that it joins, in the order of the document, which counts for temporal_ordered.</summary>
    public required ImmutableArray<string> Rules { get; init; }
    /// <summary>Fields or aliases whose values keep groups apart; empty: one group of all.</summary>
    public required ImmutableArray<string> GroupBy { get; init; }
    public IReadOnlyList<SigmaFieldAlias> Aliases { get; init; } = [];
    /// <summary>1 s to <see cref="SigmaTimespan.Max"/>.</summary>
    public required TimeSpan Timespan { get; init; }
    public required SigmaCorrelationCondition Condition { get; init; }
    /// <summary>The rules of the same file that it joins raise detections of their own, too.</summary>
    public bool Generate { get; init; }

    /// <summary>The document gives a level.</summary>
    internal bool HasLevel { get; init; }
    /// <summary>Where each of <see cref="Rules"/> stands.</summary>
    internal ImmutableArray<YamlMark> RuleMarks { get; init; } = [];

    /// <summary>"event_count within 5m".</summary>
    public override string ToString() => $"{Type.Name()} within {SigmaTimespan.Text(Timespan)}";
}
