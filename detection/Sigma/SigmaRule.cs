using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>Where a rule's events come from (Sigma rules specification 2.1, "Log source"); empty where the rule says nothing.</summary>
public sealed record SigmaLogSource(string Product, string Category, string Service)
{
    /// <summary>"windows / process_creation".</summary>
    public override string ToString() => string.Join(" / ", new[] { Product, Category, Service }.Where(static p => p.Length > 0));
}

/// <summary>A Sigma rule as it was written, read and checked. Immutable.</summary>
public sealed record SigmaRule
{
    /// <summary>A UUID, as the rule writes it.</summary>
    public required string Id { get; init; }
    /// <summary>Name by which correlations and filters refer to it, or empty.</summary>
    public string Name { get; init; } = "";
    public required string Title { get; init; }
    /// <summary>"stable", "test", "experimental", "deprecated", "unsupported", or empty.</summary>
    public string Status { get; init; } = "";
    public string Description { get; init; } = "";
    public string Author { get; init; } = "";
    public IReadOnlyList<string> References { get; init; } = [];
    public required Severity Level { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> FalsePositives { get; init; } = [];
    public required SigmaLogSource LogSource { get; init; }
    /// <summary>File that it was read from.</summary>
    public required string File { get; init; }
    /// <summary>First line of its document, from 1.</summary>
    public required int Line { get; init; }
    /// <summary>Text of its document.</summary>
    public required string Source { get; init; }

    /// <summary>Titles of the filters that were added to its condition.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    internal SigmaCondition Condition { get; init; } = null!;
    /// <summary>Placeholders without values, which make the rule blind.</summary>
    internal IReadOnlyList<string> UnresolvedPlaceholders { get; init; } = [];
}
