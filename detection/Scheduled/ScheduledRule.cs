using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <summary>A rule that looks at windows of stored events, or at what did not come, instead of at each event. Immutable.</summary>
public sealed record ScheduledRule
{
    public required string Id { get; init; }
    public required string Title { get; init; }
    public string Status { get; init; } = "";
    public string Description { get; init; } = "";
    public string Author { get; init; } = "";
    public IReadOnlyList<string> References { get; init; } = [];
    public required Severity Level { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<string> FalsePositives { get; init; } = [];

    /// <summary>Name of the <see cref="IScheduledDetector"/> that evaluates it.</summary>
    public required string Detector { get; init; }

    /// <summary>Length of a window: how far the rule looks back, 1 second to 7 days.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Time from one window's start to the next's, 1 second to the window's length.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long after its end a window waits for late events, 0 to 1 day.</summary>
    public required TimeSpan Lateness { get; init; }

    /// <summary>Sources (id or name, '*' and '?' allowed) that windows wait for longer, while the source is there; 0 to 1 day each.</summary>
    public IReadOnlyDictionary<string, TimeSpan> SourceLateness { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How long the same key stays silent after a detection, or null.</summary>
    public Suppression? Suppression { get; init; }

    /// <summary>What the detector read of the rule's settings.</summary>
    public required object Settings { get; init; }

    public required string File { get; init; }
    public required string Source { get; init; }

    internal YamlMark Mark { get; init; }
}
