using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>A rule as the console shows it.</summary>
/// <param name="Kind">"sigma", "correlation", "filter", or the name of a scheduled detector.</param>
/// <param name="LogSource">"windows / process_creation", or the window of a scheduled rule, or "event_count within 5m".</param>
/// <param name="BlindReason">Why it can match nothing, or null.</param>
/// <param name="Source">The rule's own text.</param>
/// <param name="IsUserRule">It belongs to the installation and may be changed and deleted; else it was shipped.</param>
/// <param name="Matches">Since the rule was first loaded.</param>
/// <param name="Errors">Evaluations that failed or took too long, since then.</param>
/// <param name="MicrosecondsPerEvent">Mean cost over sampled events since the last reload, spread over all events; null where none was sampled.</param>
public sealed record RuleView(
    string Id, string Title, string Description, string Kind, Severity Level, string Status, string Author, IReadOnlyList<string> Tags,
    IReadOnlyList<string> References, IReadOnlyList<string> FalsePositives, string LogSource, bool Enabled, string? BlindReason,
    string Source, string File, bool IsUserRule, long Matches, long Errors, string LastError, DateTimeOffset? LastMatch, double? MicrosecondsPerEvent)
{
    /// <summary>Titles of the filters that are added to its condition.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Ids or names of the rules that a correlation joins.</summary>
    public IReadOnlyList<string> Joins { get; init; } = [];

    /// <summary>It stands in the file of a correlation that joins it, and raises no detections of its own.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Events that a correlation forgot because a ceiling was reached, since the start.</summary>
    public long Evictions { get; init; }

    /// <summary>Events that came too late for a correlation to put them in their place, since the start.</summary>
    public long Late { get; init; }
}

/// <summary>What came of a change: the rules that were saved, or the faults because of which nothing was.</summary>
public sealed record RuleChange(IReadOnlyList<string> Ids, IReadOnlyList<SigmaFault> Faults)
{
    public bool Accepted => Ids.Count > 0;
}
