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
    /// <summary>It changes its target: somebody other than who started the run approves or refuses.</summary>
    WaitingForApproval,
}

/// <summary>How a run is meant.</summary>
public enum RunMode
{
    /// <summary>For real.</summary>
    Live,
    /// <summary>Nothing is called and nobody is asked: every path with what would be called, with which values.</summary>
    DryRun,
    /// <summary>Nothing is called: automatic steps are answered by a recording, people answer for real.</summary>
    Drill,
}

/// <summary>What a drill's targets answer, by step id or step name.</summary>
public sealed record RunRecording(IReadOnlyDictionary<string, RecordedAnswer> Steps)
{
    public const int MaxSteps = 500;
}

/// <summary>One recorded answer. A manual step that has one is answered by it.</summary>
/// <param name="Said">What the target said, for the timeline.</param>
/// <param name="Outputs">Values by variable name.</param>
public sealed record RecordedAnswer(bool Succeeded = true, string Said = "", IReadOnlyDictionary<string, string>? Outputs = null);

/// <param name="Variables">First values; names not given take the playbook's value, or the incident's where the name is known.</param>
/// <param name="Recording">Of a drill; a step without an answer in it succeeds.</param>
public sealed record RunRequest(string PlaybookId, long IncidentId, IReadOnlyDictionary<string, string>? Variables = null, RunMode Mode = RunMode.Live, RunRecording? Recording = null);

public enum FirstStepKind
{
    /// <summary>A person does it.</summary>
    Person,
    /// <summary>It waits until somebody else lets it go ahead.</summary>
    Approval,
    /// <summary>It runs by itself and changes nothing.</summary>
    Reads,
    /// <summary>It runs by itself and may change its target.</summary>
    Acts,
}

/// <summary>A step that a run comes to before it waits for anybody, or at which it waits first.</summary>
public sealed record FirstStep(string StepId, FirstStepKind Kind)
{
    /// <summary>Steps that are told at most.</summary>
    public const int Most = 50;
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
    public required RunMode Mode { get; init; }
    /// <summary>The run whose step started this one, or null.</summary>
    public string? ParentRunId { get; init; }
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
    /// <summary>Role that a person must hold to do it, or "" for any.</summary>
    public required string Role { get; init; }
    /// <summary>Null where none is wanted.</summary>
    public StepApproval? Approval { get; init; }
    /// <summary>Rounds begun, of a while-condition.</summary>
    public required int Iteration { get; init; }
    /// <summary>Run that a playbook-action started, or null.</summary>
    public string? ChildRunId { get; init; }
}

/// <param name="Role">Role that approves.</param>
/// <param name="ExpiresAt">When it is too late to approve; null before it was asked for.</param>
public sealed record StepApproval(string Role, DateTimeOffset? AskedAt, DateTimeOffset? ExpiresAt, string? ApprovedBy, DateTimeOffset? DecidedAt);

/// <summary>How long one step took: a stage of a drill's report.</summary>
/// <param name="Waited">Span between asking for approval and the decision; zero where none was asked.</param>
public sealed record RunStage(string StepId, string Label, string Name, StepStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, TimeSpan Waited, TimeSpan Took);

/// <param name="Type">CACAO variable type ("string", "bool", "integer", "ipv4-addr", …).</param>
public sealed record RunVariable(string Name, string Type, string Value, string Description, bool Constant);

public sealed record RunDetail
{
    public required RunSummary Summary { get; init; }
    public required PlaybookGraph Graph { get; init; }
    /// <summary>Every step but start and end, in the order of the picture.</summary>
    public required IReadOnlyList<StepDetail> Steps { get; init; }
    public required IReadOnlyList<RunVariable> Variables { get; init; }

    /// <summary>Steps that began, in the order in which they did.</summary>
    public IReadOnlyList<RunStage> Stages => [.. Steps.Where(s => s.Summary.StartedAt is not null).Select(s => new RunStage(
        s.Summary.StepId, s.Summary.Label, s.Summary.Name, s.Summary.Status, s.Summary.StartedAt!.Value, s.Summary.EndedAt,
        s.Approval is { AskedAt: { } asked } a ? (a.DecidedAt ?? s.Summary.EndedAt ?? asked) - asked : TimeSpan.Zero,
        (s.Summary.EndedAt ?? Summary.UpdatedAt) - s.Summary.StartedAt!.Value)).OrderBy(s => s.StartedAt)];
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

    /// <summary>Starts a run, for real, dry or as a drill. A dry run is over when this returns.</summary>
    Task<Outcome<RunSummary>> StartAsync(RunRequest request, Actor actor, CancellationToken cancellation = default);

    /// <summary>What a run for real would do first, in the order of the path, up to and with the first that waits, down every way that a condition or a failure may choose; null where there is no such playbook.</summary>
    IReadOnlyList<FirstStep>? FirstStepsOf(string playbookId);
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

    /// <summary>Lets a step go ahead that waits for approval. Refused to who started the run or asked for this attempt, and to who lacks the role.</summary>
    Task<Outcome<RunSummary>> ApproveAsync(string runId, string stepId, int version, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Refuses a step that waits for approval: it counts as failed. A reason is wanted.</summary>
    Task<Outcome<RunSummary>> RefuseAsync(string runId, string stepId, int version, Actor actor, string reason, CancellationToken cancellation = default);
    Task<Outcome<RunSummary>> PauseAsync(string runId, int version, Actor actor, string reason = "", CancellationToken cancellation = default);
    Task<Outcome<RunSummary>> ResumeAsync(string runId, int version, Actor actor, string reason = "", CancellationToken cancellation = default);
    Task<Outcome<RunSummary>> CancelAsync(string runId, int version, Actor actor, string reason, CancellationToken cancellation = default);
}
