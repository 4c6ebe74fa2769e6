using Beacon.Alerting.Playbooks;

namespace Beacon.Web.Drills;

/// <summary>One moment of a drill.</summary>
/// <param name="Kind">"event", "detection", "warning", "acknowledgement", "run", "approval", "step", "end", "lift".</param>
/// <param name="At">Milliseconds since the first event was sent.</param>
/// <param name="Took">Milliseconds since the moment before.</param>
internal sealed record DrillStage(string Kind, string What, string Who, double At, double Took);

/// <summary>What a drill was and how it went.</summary>
internal sealed record DrillReport
{
    /// <summary>Always true: whoever keeps this report must not take it for an incident.</summary>
    public bool IsDrill { get; init; } = true;
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required string PlaybookId { get; init; }
    public required string PlaybookName { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Every expectation was met.</summary>
    public bool Passed => Faults.Count == 0;
    public required IReadOnlyList<string> Faults { get; init; }
    public required string Warning { get; init; }
    public required string Level { get; init; }
    public required IReadOnlyList<string> Rules { get; init; }
    public required IReadOnlyList<string> ExpectedPath { get; init; }
    public required IReadOnlyList<string> Path { get; init; }
    public required IReadOnlyList<DrillStage> Stages { get; init; }
    /// <summary>Each step with what was shown of it: commands filled in, nothing called.</summary>
    public required IReadOnlyList<RunStage> Steps { get; init; }
    /// <summary>The path as a picture, or "" where no run began.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Picture { get; init; } = "";
}
