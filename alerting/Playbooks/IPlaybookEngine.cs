namespace Beacon.Alerting.Playbooks;

public enum RunStatus
{
    Running,
    /// <summary>No step is under way until a person resumes it.</summary>
    Paused,
    Completed,
    /// <summary>A step failed and the playbook has no way on.</summary>
    Failed,
    Cancelled,
}

public enum StepStatus
{
    /// <summary>Its turn has not come.</summary>
    Pending,
    /// <summary>Its delay runs.</summary>
    Delayed,
    Running,
    /// <summary>A manual step: a person does it.</summary>
    WaitingForPerson,
    /// <summary>It was under way when the process stopped, or failed without a way on: a person retries, skips or marks it.</summary>
    NeedsPerson,
    Succeeded,
    Failed,
    Skipped,
    Cancelled,
}

public enum StepResult
{
    Done,
    Failed,
    /// <summary>It could not be tried: counts as failed, and says so.</summary>
    Cannot,
}

/// <summary>One run as lists and the change feed carry it.</summary>
public sealed record RunSummary
{
    public required string Id { get; init; }
    public required int Version { get; init; }
    public required string PlaybookId { get; init; }
    public required string PlaybookName { get; init; }
    public required long IncidentId { get; init; }
    public required string IncidentNumber { get; init; }
    public required RunStatus Status { get; init; }
    public required string StartedBy { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required int StepsDone { get; init; }
    public required int StepsTotal { get; init; }
    /// <summary>The steps under way or waiting.</summary>
    public required IReadOnlyList<StepSummary> Active { get; init; }
    /// <summary>The step whose change this tells of, or null.</summary>
    public StepSummary? Changed { get; init; }
}

/// <param name="Attempt">From 1; 0 before its turn.</param>
/// <param name="Label">"4a".</param>
public sealed record StepSummary(string StepId, string Name, string Label, StepStatus Status, int Attempt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>A step with what a person needs to do it.</summary>
public sealed record StepDetail
{
    public required StepSummary Summary { get; init; }
    public required string Type { get; init; }
    public required string Description { get; init; }
    /// <summary>Commands with their variables filled in; secrets masked.</summary>
    public required IReadOnlyList<string> Commands { get; init; }
    /// <summary>Who or what does it, by the agent's name.</summary>
    public required string Agent { get; init; }
    public required IReadOnlyList<string> Targets { get; init; }
    /// <summary>Variables that the step sets and a person may fill in ("__process_safe__").</summary>
    public required IReadOnlyList<RunVariable> Outputs { get; init; }
    public required string Note { get; init; }
    public required string Error { get; init; }
    public string? Actor { get; init; }
    public required string IdempotencyKey { get; init; }
    public DateTimeOffset? DueAt { get; init; }
}

/// <param name="Type">CACAO variable type ("string", "bool", "integer", "ipv4-addr", …).</param>
public sealed record RunVariable(string Name, string Type, string Value, string Description, bool Constant);

public sealed record RunDetail
{
    public required RunSummary Summary { get; init; }
    public required PlaybookGraph Graph { get; init; }
    /// <summary>Every step but start and end, in the order of the picture.</summary>
    public required IReadOnlyList<StepDetail> Steps { get; init; }
    public required IReadOnlyList<RunVariable> Variables { get; init; }
}

/// <summary>
/// Runs playbooks. Every state change is on disk before it takes effect; a step starts at most once per attempt, under an
/// idempotency key; what was under way when the process stopped is repeated only where repeating is harmless, else it waits
/// for a person.
/// </summary>
public interface IPlaybookEngine
{
    /// <summary>Starts a run. Variables not given take the playbook's value, or the incident's where the name is known (see docs/extending/playbook.md).</summary>
    Task<Outcome<RunSummary>> StartAsync(string playbookId, long incidentId, Actor actor, IReadOnlyDictionary<string, string>? variables = null, CancellationToken cancellation = default);
    Task<RunDetail?> FindAsync(string runId, CancellationToken cancellation = default);

    /// <summary>Newest first; of one incident, or of all.</summary>
    Task<IReadOnlyList<RunSummary>> ListAsync(long? incidentId = null, bool openOnly = false, int limit = 100, CancellationToken cancellation = default);

    /// <summary>Ends a step that waits for a person.</summary>
    /// <param name="version">Of the run.</param>
    /// <param name="outputs">Values for the step's out_args; names outside them are refused.</param>
    Task<Outcome<RunSummary>> CompleteAsync(string runId, string stepId, int version, StepResult result, string note, Actor actor, IReadOnlyDictionary<string, string>? outputs = null, CancellationToken cancellation = default);

    /// <summary>Tries a step that needs a person once more, as a new attempt.</summary>
    Task<Outcome<RunSummary>> RetryAsync(string runId, string stepId, int version, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Goes on as if the step had succeeded. A reason is wanted.</summary>
    Task<Outcome<RunSummary>> SkipAsync(string runId, string stepId, int version, Actor actor, string reason, CancellationToken cancellation = default);
    Task<Outcome<RunSummary>> PauseAsync(string runId, int version, Actor actor, string reason = "", CancellationToken cancellation = default);
    Task<Outcome<RunSummary>> ResumeAsync(string runId, int version, Actor actor, string reason = "", CancellationToken cancellation = default);
    Task<Outcome<RunSummary>> CancelAsync(string runId, int version, Actor actor, string reason, CancellationToken cancellation = default);
}
