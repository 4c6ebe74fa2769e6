using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>A rule as the console shows it.</summary>
/// <param name="Kind">"sigma", "correlation", "filter", or the name of a scheduled detector.</param>
/// <param name="LogSource">"windows / process_creation", or the window of a scheduled rule, or "event_count within 5m".</param>
/// <param name="BlindReason">Why it can match nothing, or null.</param>
/// <param name="Stage">Where it stands between draft and retired.</param>
/// <param name="Source">The rule's own text.</param>
/// <param name="IsUserRule">It belongs to the installation and may be changed and deleted; else it was shipped.</param>
/// <param name="Matches">Since the rule was first loaded.</param>
/// <param name="Errors">Evaluations that failed or took too long, since then.</param>
/// <param name="MicrosecondsPerEvent">Mean cost over sampled events since the last reload, spread over all events; null where none was sampled.</param>
public sealed record RuleView(
    string Id, string Title, string Description, string Kind, Severity Level, string Status, string Author, IReadOnlyList<string> Tags,
    IReadOnlyList<string> References, IReadOnlyList<string> FalsePositives, string LogSource, RuleStage Stage, Phrase? BlindReason,
    string Source, string File, bool IsUserRule, long Matches, long Errors, string LastError, DateTimeOffset? LastMatch, double? MicrosecondsPerEvent)
{
    /// <summary>Its newest text has faults: it stays a draft until they are mended.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>It raises alerts.</summary>
    public bool Enabled => Stage == RuleStage.Live;

    /// <summary>Number of the newest text; 1 for a rule that was never saved here.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Stands for the text: a change is made only to what was read. 16 hexadecimal digits.</summary>
    public string Revision => RuleText.HashOf(Source);

    /// <summary>What a Sigma rule looks for, in plain words of the reader's language, made from its condition; empty for a scheduled rule.</summary>
    public string Question => Words?.Invoke() ?? "";

    internal Func<string>? Words { get; init; }

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

    /// <summary>Somebody saved another text since the one that was to be replaced was read.</summary>
    public bool IsStale { get; init; }
}

/// <summary>The rule that a text is about.</summary>
/// <param name="Kind">As <see cref="RuleView.Kind"/>.</param>
public sealed record RuleHead(string Id, string Title, string Kind);

/// <summary>One event against a rule.</summary>
/// <param name="Fields">Where it matched.</param>
public sealed record EventTrial(bool Matched, IReadOnlyList<MatchedField> Fields, RuleTrace Trace);
