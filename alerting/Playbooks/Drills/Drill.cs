using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Drills;

/// <summary>By which of the real receivers an event of a drill arrives.</summary>
public enum DrillChannel
{
    /// <summary>A line of syslog over TCP; "%SYSLOG%" stands for its time (RFC 3164).</summary>
    Syslog,
    /// <summary>A JSON document by the bulk API: Windows events as Winlogbeat ships them, or ECS.</summary>
    Bulk,
    /// <summary>A line by HTTP: Zeek's JSON logs.</summary>
    Http,
}

/// <param name="After">Milliseconds after the one before; 0 to 60,000.</param>
/// <param name="Line">"%ISO%", "%UNIX%", "%SYSLOG%" and "%CLF%" (common log format) stand for the time at which it is sent.</param>
/// <param name="Times">How often it is sent, "%N%" counting from 1. 1 to 1,000.</param>
public sealed record DrillEvent(DrillChannel Channel, string Line, int After = 0, int Times = 1);

/// <summary>What must come of the events.</summary>
/// <param name="Rules">Ids of rules that must raise an alert.</param>
/// <param name="Category">Of the warning.</param>
/// <param name="Level">Of the warning when the playbook begins.</param>
public sealed record DrillExpectation(IReadOnlyList<string> Rules, string Category, Warnings.WarningLevel Level);

/// <summary>
/// An exercise: events go in, the warning that they must raise, what people answer and targets say, and the path on which the
/// playbook must then run to its end.
/// </summary>
public sealed record Drill
{
    /// <summary>File name without ".drill.json".</summary>
    public string Name { get; init; } = "";
    public required string Playbook { get; init; }
    public required string Title { get; init; }
    /// <summary>The title in other languages, by language tag.</summary>
    public IReadOnlyDictionary<string, string> Titles { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<Asset> Assets { get; init; } = [];
    public required IReadOnlyList<DrillEvent> Events { get; init; }
    public required DrillExpectation Expect { get; init; }

    /// <summary>What the person who follows the playbook says, by step name; steps not named are done.</summary>
    public IReadOnlyDictionary<string, RecordedAnswer> People { get; init; } = new Dictionary<string, RecordedAnswer>();

    /// <summary>What targets answer, by step name; steps not named succeed.</summary>
    public IReadOnlyDictionary<string, RecordedAnswer> Targets { get; init; } = new Dictionary<string, RecordedAnswer>();

    /// <summary>Names of the steps that begin, in the order of the playbook's picture; a failed one is followed by " (failed)".</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>The path that a run took, told as <see cref="Path"/> is.</summary>
    public static IReadOnlyList<string> PathOf(RunDetail run) =>
        [.. run.Steps.Where(s => s.Summary.StartedAt is not null).Select(s => s.Summary.Name + (s.Summary.Status == StepStatus.Failed ? " (failed)" : ""))];
}
