using System.Globalization;
using System.Collections.Concurrent;
using System.Text;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Imports;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Runs;

internal sealed partial class PlaybookEngine(
    AlertingDatabase database, PlaybookLibrary library, PlaybookActions actions, IPlaybookSecrets secrets, StepRunner runner, ApprovalRules approvals, PlaybookImports imports, IOptions<AlertingOptions> options,
    AlertingMetrics metrics, TimeProvider time, ILogger<PlaybookEngine> log) : IPlaybookEngine, IDisposable
{
    private const int MaxNote = 10_000;
    private const int MaxOpenPlaybooks = 64;

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, OpenPlaybook> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _signal = new(0, 1);

    public Task<RunDetail?> FindAsync(string runId, CancellationToken cancellation = default)
    {
        // The viewer's, whichever thread reads.
        var culture = CultureInfo.CurrentUICulture;
        return database.ReadAsync(c => RunState.Load(c, "WHERE id = @p0", runId).FirstOrDefault() is { } run ? RunViews.Detail(run, OpenOf(run).Seen(culture), actions, secrets, approvals) : null, cancellation);
    }

    public Task<IReadOnlyList<RunSummary>> ListAsync(long? incidentId = null, bool openOnly = false, int limit = 100, CancellationToken cancellation = default)
    {
        var culture = CultureInfo.CurrentUICulture;
        return database.ReadAsync<IReadOnlyList<RunSummary>>(c => [.. RunState.Load(c, $"WHERE (CAST(@p0 AS BIGINT) IS NULL OR incident_id = @p0){(openOnly ? " AND status IN (0, 1)" : "")} ORDER BY started_at DESC, id DESC LIMIT @p1", incidentId, Math.Clamp(limit, 1, 500))
            .Select(run => RunViews.Summarise(run, OpenOf(run).Seen(culture), null))], cancellation);
    }

    public Task<Outcome<RunSummary>> CompleteAsync(
        string runId, string stepId, int version, StepResult result, string note, Actor actor, IReadOnlyDictionary<string, string>? outputs = null, CancellationToken cancellation = default) =>
        OnStepAsync(runId, stepId, version, actor, "complete", note, (unit, run, machine, step, state) =>
        {
            if (state.Status is not (StepStatus.WaitingForPerson or StepStatus.NeedsPerson)) throw RefusedException.Invalid($"'{step.Name}' waits for no person: it is {Names.Of(state.Status)}");
            MustHold(OpenOf(run).Playbook, step, actor);
            if (result == StepResult.Cannot && string.IsNullOrWhiteSpace(note)) throw RefusedException.Invalid("say why it cannot be done");
            foreach (var (name, value) in outputs ?? new Dictionary<string, string>())
            {
                if (!step.OutArgs.Contains(name)) throw RefusedException.Invalid($"'{step.Name}' does not set {Text.Cut(name, 100)}");
                machine.Set(step, name, Fitting(OpenOf(run).Playbook.VariableOf(step, name), name, value));
            }
            state.Note = Text.Cut(note.Trim(), MaxNote);
            state.Actor = actor.Name;
            var said = result switch { StepResult.Done => "done", StepResult.Failed => "failed", _ => "cannot be done" } + (state.Note.Length > 0 ? ": " + state.Note : "");
            machine.End(state, result == StepResult.Done ? StepStatus.Succeeded : StepStatus.Failed, result == StepResult.Done, actor.Name, said);
        }, cancellation);

    public Task<Outcome<RunSummary>> RetryAsync(string runId, string stepId, int version, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        OnStepAsync(runId, stepId, version, actor, "retry", reason, (unit, _, machine, step, state) =>
        {
            if (state.Status != StepStatus.NeedsPerson) throw RefusedException.Invalid($"'{step.Name}' needs no retry: it is {Names.Of(state.Status)}");
            // What was approved was the attempt that ended.
            state.Reset(StepStatus.Delayed);
            state.DueAt = unit.Now;
            state.Actor = actor.Name;
            machine.Mark(state);
            machine.Tell(step, actor.Name, "tried again" + (reason.Length > 0 ? ": " + reason : ""));
        }, cancellation);

    public Task<Outcome<RunSummary>> SkipAsync(string runId, string stepId, int version, Actor actor, string reason, CancellationToken cancellation = default) =>
        OnStepAsync(runId, stepId, version, actor, "skip", reason, (_, run, machine, step, state) =>
        {
            if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
            MustHold(OpenOf(run).Playbook, step, actor);
            if (state.Status != StepStatus.NeedsPerson && (step.IsContainer || state.Status is not (StepStatus.WaitingForPerson or StepStatus.WaitingForApproval or StepStatus.Delayed))) throw RefusedException.Invalid($"'{step.Name}' cannot be skipped: it is {Names.Of(state.Status)}");
            state.Note = Text.Cut(reason.Trim(), MaxNote);
            state.Actor = actor.Name;
            machine.End(state, StepStatus.Skipped, true, actor.Name, "skipped: " + state.Note);
        }, cancellation);

    public Task<Outcome<RunSummary>> PauseAsync(string runId, int version, Actor actor, string reason = "", CancellationToken cancellation = default) => OnRunAsync(runId, version, actor, "pause", reason, (unit, run, _) =>
    {
        if (run.Status != RunStatus.Running) throw RefusedException.Invalid($"the run is {Names.Of(run.Status)}");
        run.Status = RunStatus.Paused;
        OnChildren(unit, run, child => child.Status = RunStatus.Paused);
    }, cancellation);

    public Task<Outcome<RunSummary>> ResumeAsync(string runId, int version, Actor actor, string reason = "", CancellationToken cancellation = default) => OnRunAsync(runId, version, actor, "resume", reason, (unit, run, machine) =>
    {
        if (run.Status != RunStatus.Paused) throw RefusedException.Invalid($"the run is {Names.Of(run.Status)}");
        run.Status = RunStatus.Running;
        OnChildren(unit, run, child => child.Status = RunStatus.Running);
        machine.Settle();
    }, cancellation);

    public Task<Outcome<RunSummary>> CancelAsync(string runId, int version, Actor actor, string reason, CancellationToken cancellation = default) => OnRunAsync(runId, version, actor, "cancel", reason, (_, _, machine) =>
    {
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        machine.Cancel(RunStatus.Cancelled);
    }, cancellation);

    private Task<Outcome<RunSummary>> OnStepAsync(
        string runId, string stepId, int version, Actor actor, string action, string reason, Action<AlertingTransaction, RunState, RunMachine, PlaybookStep, StepState> change, CancellationToken cancellation) => ChangeAsync(unit =>
    {
        var (run, open, machine) = Checked(unit, runId, version);
        if (run.Status == RunStatus.Paused) throw RefusedException.Invalid("the run is paused: resume it first");
        if (!open.Playbook.Steps.TryGetValue(stepId, out var step)) throw RefusedException.NotFound("there is no such step");
        if (!run.Steps.TryGetValue(stepId, out var state)) throw RefusedException.Invalid($"the turn of '{step.Name}' has not come");
        change(unit, run, machine, step, state);
        unit.Record(actor, "playbook." + action, $"run:{run.Id}/{stepId}", "", state.Status.ToString(), Text.Cut(reason, 2_000));
        return Saved(unit, run, open, machine);
    }, cancellation);

    private Task<Outcome<RunSummary>> OnRunAsync(
        string runId, int version, Actor actor, string action, string reason, Action<AlertingTransaction, RunState, RunMachine> change, CancellationToken cancellation) => ChangeAsync(unit =>
    {
        var (run, open, machine) = Checked(unit, runId, version);
        change(unit, run, machine);
        Timeline.Append(unit, run.IncidentId, unit.Now, TimelineKind.Playbook, actor.Name, $"Playbook {run.PlaybookName}: {action}" + (reason.Length > 0 ? ": " + Text.Cut(reason, 2_000) : ""), $"run:{run.Id}");
        unit.Record(actor, "playbook." + action, $"run:{run.Id}", "", run.Status.ToString(), Text.Cut(reason, 2_000));
        return Saved(unit, run, open, machine);
    }, cancellation);

    private (RunState Run, OpenPlaybook Open, RunMachine Machine) Checked(AlertingTransaction unit, string runId, int version)
    {
        var run = RunState.Load(unit.Db, runId) ?? throw RefusedException.NotFound("there is no such run");
        if (run.Version != version) throw RefusedException.Conflict($"the run changed meanwhile: it is at version {run.Version}, you saw {version}");
        if (!run.IsOpen) throw RefusedException.Invalid($"the run is over: {Names.Of(run.Status)}");
        var open = OpenOf(run);
        return (run, open, MachineOf(unit, run, open));
    }

    private async Task<Outcome<RunSummary>> ChangeAsync(Func<AlertingTransaction, RunSummary> change, CancellationToken cancellation)
    {
        var outcome = await database.TryWriteAsync(change, cancellation).ConfigureAwait(false);
        if (outcome.Done) Wake();
        return outcome;
    }

    private RunMachine MachineOf(AlertingTransaction unit, RunState run, OpenPlaybook open) => new(unit, run, open, options.Value.Playbooks);

    /// <summary>Keeps a run, and tells those whose step it is or whose steps it ended.</summary>
    private RunSummary Saved(AlertingTransaction unit, RunState run, OpenPlaybook open, RunMachine machine)
    {
        var left = run.Steps.Values.Where(s => s is { Changed: true, ChildRun: not null } && s.Status != StepStatus.Running).Select(s => s.ChildRun!).ToList();
        run.Save(unit);
        var summary = RunViews.Summarise(run, open, machine.LastChanged);
        unit.Changed(ChangeKind.Playbook, run.Id, () => summary, s => s.Version, AlertingJson.Default.RunSummary);
        IncidentTable.Touch(unit, run.IncidentId);
        foreach (var child in left) CancelChild(unit, child);
        if (!run.IsOpen && run.ParentRun is not null) Report(unit, run);
        return summary;
    }

    private static void MustHold(Playbook playbook, PlaybookStep step, Actor actor)
    {
        if (step.IsManual && playbook.RoleOf(step) is { Length: > 0 } role && !actor.Holds(role)) throw RefusedException.Forbidden($"'{step.Name}' is for the role {role}, which {actor.Name} does not hold");
    }

    private OpenPlaybook OpenOf(RunState run) => _open.GetOrAdd(run.Id, _ =>
    {
        if (_open.Count >= MaxOpenPlaybooks) _open.Clear();
        // As of its start: a playbook that ran out since goes on.
        var (playbook, faults) = PlaybookReader.Read(Encoding.UTF8.GetBytes(run.Document), run.StartedAt, actions, secrets);
        return playbook is null ? OpenPlaybook.Unreadable(run, $"{faults[0].Path}: {faults[0].Message}") : new OpenPlaybook(playbook);
    });

    private static string Fitting(PlaybookVariable? variable, string name, string value)
    {
        if (variable is null) throw RefusedException.Invalid($"the playbook has no variable {Text.Cut(name, 100)}");
        if (variable.Constant) throw RefusedException.Invalid($"{name} is a constant");
        // Values never refer to variables of their own: they come from outside.
        return VariableTypes.FitsPlain(variable.Type, value) ? value : throw RefusedException.Invalid($"the value of {name} is no {variable.Type}");
    }

    public void Dispose() => _signal.Dispose();

    private void Wake()
    {
        try
        {
            _signal.Release();
        }
        catch (Exception fault) when (fault is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody woke it already, or the process ends.
        }
    }
}
