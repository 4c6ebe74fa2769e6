using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>The automatic half: leases steps whose time has come, does them, and mends what a crash left behind.</summary>
internal sealed partial class PlaybookEngine
{
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromMinutes(1);

    /// <summary>By how much the clocks of two processes may differ.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan RecoverEvery = TimeSpan.FromMinutes(1);

    /// <summary>A leased step, with its variables as they were.</summary>
    /// <param name="Answer">Of a drill: given in place of the target's.</param>
    internal sealed record Work(string RunId, string StepId, int Attempt, ActionCall Call, RecordedAnswer? Answer);

    /// <summary>
    /// Looks for steps that another instance had under way: alone, one that is gone; where several processes share the state, one whose
    /// lease has ended. A harmless repetition goes on under the same attempt and key;
    /// anything else waits for a person, since what its target did of it is not known.
    /// </summary>
    /// <returns>Steps mended.</returns>
    internal Task<int> RecoverAsync(CancellationToken cancellation) => database.WriteAsync(unit =>
    {
        var orphans = unit.Db.Query(
            "SELECT s.run_id, s.step_id FROM alerting_run_steps s JOIN alerting_runs r ON r.id = s.run_id WHERE s.status = @p0 AND s.lease_owner IS NOT NULL AND s.lease_owner <> @p1 AND r.status IN (0, 1) AND (@p2 = 0 OR s.lease_until < @p3)",
            r => (Run: r.GetString(0), Step: r.GetString(1)), StepStatus.Running, _instance, database.IsShared, unit.Now - ClockMargin);
        foreach (var group in orphans.GroupBy(o => o.Run))
        {
            var run = RunState.Load(unit.Db, group.Key)!;
            var open = OpenOf(run);
            var machine = MachineOf(unit, run, open);
            if (open.Fault is not null)
            {
                GiveUp(unit, run, open, machine);
                continue;
            }
            foreach (var (_, stepId) in group)
            {
                var step = open.Playbook.Steps[stepId];
                var state = run.Steps[stepId];
                if (actions.IsRepeatable(step))
                {
                    state.Status = StepStatus.Delayed;
                    state.DueAt = unit.Now;
                    state.LeaseOwner = StepState.ResumeMark;
                    machine.Mark(state);
                    machine.Tell(step, Actor.SystemName, "was under way when Beacon stopped; repeated under the same key");
                }
                else machine.NeedPerson(state, "was under way when Beacon stopped; whether its target did it is not known");
                LogRecovered(log, stepId, run.Id, state.Status);
            }
            Saved(unit, run, open, machine);
        }
        return orphans.Count;
    }, cancellation);

    /// <summary>Does everything whose time has come, until nothing is left to do now.</summary>
    internal async Task PumpAsync(CancellationToken cancellation)
    {
        while (await LeaseAsync(options.Value.ConcurrentSteps, cancellation).ConfigureAwait(false) is { Work: var work, Moved: var moved } && (work.Count > 0 || moved > 0))
            await Task.WhenAll(work.Select(w => DoAsync(w, cancellation))).ConfigureAwait(false);
    }

    /// <summary>Runs until cancelled. Steps are done beside each other, at most as many as configured.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        await RecoverAsync(cancellation).ConfigureAwait(false);
        await imports.RefreshAsync(cancellation).ConfigureAwait(false);
        var recovered = time.GetTimestamp();
        var under = new List<Task>();
        while (!cancellation.IsCancellationRequested)
        {
            if (database.IsShared && time.GetElapsedTime(recovered) >= RecoverEvery)
            {
                await RecoverAsync(cancellation).ConfigureAwait(false);
                await imports.RefreshAsync(cancellation).ConfigureAwait(false);
                recovered = time.GetTimestamp();
            }
            under.RemoveAll(t => t.IsCompleted);
            var free = options.Value.ConcurrentSteps - under.Count;
            if (free > 0)
            {
                var (work, _) = await LeaseAsync(free, cancellation).ConfigureAwait(false);
                under.AddRange(work.Select(w => Task.Run(() => DoAsync(w, cancellation), cancellation)));
                if (work.Count > 0) continue;
            }
            var woken = _signal.WaitAsync(cancellation);
            var due = await NextDueAsync(cancellation).ConfigureAwait(false);
            if (database.IsShared && due > RecoverEvery) due = RecoverEvery;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var clock = Task.Delay(due, time, waiting.Token);
            await Task.WhenAny([woken, clock, .. under]).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            // A wake-up that nobody took is given back, so that the next round does not wait for it twice.
            if (!woken.IsCompleted)
            {
                Wake();
                await woken.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Marks steps whose time has come as under way; the caller does them.</summary>
    internal Task<(IReadOnlyList<Work> Work, int Moved)> LeaseAsync(int most, CancellationToken cancellation) => database.WriteAsync<(IReadOnlyList<Work>, int)>(unit =>
    {
        var work = new List<Work>();
        var moved = Overdue(unit);
        var ready = unit.Db.Query(
            "SELECT s.run_id, s.step_id FROM alerting_run_steps s JOIN alerting_runs r ON r.id = s.run_id WHERE s.status = @p0 AND s.due_at <= @p1 AND r.status = 0 ORDER BY s.due_at LIMIT @p2",
            r => (Run: r.GetString(0), Step: r.GetString(1)), StepStatus.Delayed, unit.Now, most);
        foreach (var group in ready.GroupBy(x => x.Run))
        {
            var run = RunState.Load(unit.Db, group.Key)!;
            var open = OpenOf(run);
            var machine = MachineOf(unit, run, open);
            if (open.Fault is not null)
            {
                if (run.IsOpen) GiveUp(unit, run, open, machine);
                continue;
            }
            var children = new List<RunState>();
            foreach (var (_, stepId) in group)
            {
                // What ended before it in this transaction may have taken it along.
                if (!run.IsOpen || run.Steps[stepId] is not { Status: StepStatus.Delayed } state) continue;
                moved++;
                Turn(unit, run, open, machine, state, work, children);
            }
            Saved(unit, run, open, machine);
            // Only now: one that is over at once reports to the run as it is kept.
            foreach (var child in children) Begin(unit, child, Actor.SystemName);
        }
        return (work, moved);
    }, cancellation);

    private void Turn(AlertingTransaction unit, RunState run, OpenPlaybook open, RunMachine machine, StepState state, List<Work> work, List<RunState> children)
    {
        var step = open.Playbook.Steps[state.StepId];
        if (step.IsManual)
        {
            machine.Wait(state);
            if (machine.AnswerOf(step) is { } answer) Answer(machine, step, state, answer);
            return;
        }
        if (step.IsContainer)
        {
            machine.Enter(state);
            machine.Settle();
            return;
        }
        if (step.Type == StepTypes.PlaybookAction)
        {
            var (child, fault) = ChildOf(unit, run, step, machine);
            state.Attempt++;
            if (child is null)
            {
                machine.NeedPerson(state, fault!);
                return;
            }
            state.Status = StepStatus.Running;
            state.StartedAt = unit.Now;
            state.DueAt = step.Timeout is { } timeout ? unit.Now + timeout : null;
            state.ChildRun = child.Id;
            machine.Mark(state);
            machine.Tell(step, Actor.SystemName, $"runs {child.PlaybookName}");
            children.Add(child);
            return;
        }
        // As they are now: what other branches set meanwhile does not reach a step under way.
        var values = machine.Values(step);
        var attempt = state.LeaseOwner == StepState.ResumeMark ? state.Attempt : state.Attempt + 1;
        var call = new ActionCall(open.Playbook, step, values.GetValueOrDefault, RunViews.KeyOf(run, step.Id, attempt), secrets);
        if (!Approved(unit, machine, state, call)) return;
        state.Attempt = attempt;
        state.Status = StepStatus.Running;
        state.StartedAt = unit.Now;
        state.DueAt = null;
        state.LeaseOwner = _instance;
        state.LeaseUntil = unit.Now + actions.TimeLimit(step) + LeaseMargin;
        machine.Mark(state);
        machine.Tell(step, Actor.SystemName, $"begins, attempt {state.Attempt}");
        work.Add(new Work(run.Id, step.Id, state.Attempt, call, run.Mode == RunMode.Live ? null : machine.AnswerOf(step) ?? new RecordedAnswer(Said: "answered by the drill")));
    }

    /// <summary>A manual step that a drill's recording does.</summary>
    private static void Answer(RunMachine machine, PlaybookStep step, StepState state, RecordedAnswer answer)
    {
        foreach (var (name, value) in answer.Outputs ?? new Dictionary<string, string>()) machine.Set(step, name, value);
        state.Note = Text.Cut(answer.Said, MaxNote);
        state.Actor = Actor.SystemName;
        machine.End(state, answer.Succeeded ? StepStatus.Succeeded : StepStatus.Failed, answer.Succeeded, Actor.SystemName, (answer.Succeeded ? "done" : "failed") + (answer.Said.Length > 0 ? ": " + Text.Cut(answer.Said, 2_000) : " by the drill's recording"));
    }

    private async Task DoAsync(Work work, CancellationToken cancellation)
    {
        ActionResult result;
        try
        {
            // A drill never comes to the runner.
            result = work.Answer is { } answer ? new ActionResult(answer.Succeeded, answer.Said, answer.Outputs ?? new Dictionary<string, string>()) : await runner.RunAsync(work.Call, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The lease stays: the next start decides whether it may be repeated.
            return;
        }
        catch (Exception error)
        {
            // The boundary of an action: its fault must not stop the others.
            LogActionFailed(log, work.StepId, work.RunId, error);
            result = ActionResult.Failure($"the action failed: {error.GetType().Name}");
        }
        metrics.StepEnded(result.Succeeded ? "succeeded" : "failed");
        // What happened outside is recorded even while Beacon stops.
        await database.WriteAsync(unit =>
        {
            if (RunState.Load(unit.Db, work.RunId) is not { IsOpen: true } run || run.Steps.GetValueOrDefault(work.StepId) is not { Status: StepStatus.Running } state
                || state.Attempt != work.Attempt || state.LeaseOwner != _instance) return false;
            var open = OpenOf(run);
            var machine = MachineOf(unit, run, open);
            var step = open.Playbook.Steps[work.StepId];
            foreach (var (name, value) in result.Outputs)
                if (step.OutArgs.Contains(name) && !machine.Set(step, name, value)) machine.Tell(step, Actor.SystemName, $"{name} stays as it was: what came back does not fit");
            state.Note = Text.Cut(result.Said, MaxNote);
            if (result.Succeeded) machine.End(state, StepStatus.Succeeded, true, Actor.SystemName, "done: " + result.Said);
            else machine.EndFailed(state, result.Said);
            Saved(unit, run, open, machine);
            return true;
        }, CancellationToken.None).ConfigureAwait(false);
        Wake();
    }

    private void GiveUp(AlertingTransaction unit, RunState run, OpenPlaybook open, RunMachine machine)
    {
        machine.Cancel(RunStatus.Failed);
        Timeline.Append(unit, run.IncidentId, unit.Now, TimelineKind.Playbook, Actor.SystemName,
            $"Playbook {run.PlaybookName} cannot go on: its kept document is refused by this version: {open.Fault}", $"run:{run.Id}");
        Saved(unit, run, open, machine);
    }

    private Task<TimeSpan> NextDueAsync(CancellationToken cancellation) => database.ReadAsync(c =>
    {
        var due = c.Scalar<long?>(
            """
            SELECT min(s.due_at) FROM alerting_run_steps s JOIN alerting_runs r ON r.id = s.run_id
            WHERE r.status = 0 AND (s.status IN (@p0, @p1) OR (s.status = @p2 AND s.escalated = 0) OR (s.status = @p3 AND s.lease_owner IS NULL))
            """, StepStatus.Delayed, StepStatus.WaitingForApproval, StepStatus.WaitingForPerson, StepStatus.Running);
        var most = TimeSpan.FromMinutes(1);
        if (due is null) return most;
        var wait = StateTime.FromMicroseconds(due.Value) - time.GetUtcNow();
        return wait < TimeSpan.FromMilliseconds(10) ? TimeSpan.FromMilliseconds(10) : wait > most ? most : wait;
    }, cancellation);

    [LoggerMessage(3302, LogLevel.Warning, "step {Step} of run {Run} was under way when the process stopped: {Status}")]
    private static partial void LogRecovered(ILogger logger, string step, string run, StepStatus status);

    [LoggerMessage(3303, LogLevel.Error, "step {Step} of run {Run} failed in the action itself; a person must decide")]
    private static partial void LogActionFailed(ILogger logger, string step, string run, Exception error);
}
