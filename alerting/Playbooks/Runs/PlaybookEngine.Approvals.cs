using Beacon.Alerting.Notifications;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>Approvals, and what is late.</summary>
internal sealed partial class PlaybookEngine
{
    public Task<Outcome<RunSummary>> ApproveAsync(string runId, string stepId, int version, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        OnStepAsync(runId, stepId, version, actor, "approve", reason, (unit, run, machine, step, state) =>
        {
            MayDecide(run, step, state, actor);
            if (state.DueAt <= unit.Now) throw RefusedException.Invalid($"it is too late to approve '{step.Name}': retry it, which asks again");
            state.Status = StepStatus.Delayed;
            state.DueAt = unit.Now;
            state.ApprovedBy = actor.Name;
            state.DecidedAt = unit.Now;
            machine.Mark(state);
            machine.Tell(step, actor.Name, "approved" + (reason.Length > 0 ? ": " + Text.Cut(reason, 2_000) : ""));
        }, cancellation);

    public Task<Outcome<RunSummary>> RefuseAsync(string runId, string stepId, int version, Actor actor, string reason, CancellationToken cancellation = default) =>
        OnStepAsync(runId, stepId, version, actor, "refuse", reason, (unit, run, machine, step, state) =>
        {
            MayDecide(run, step, state, actor);
            if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
            state.DecidedAt = unit.Now;
            state.Actor = actor.Name;
            machine.Tell(step, actor.Name, "refused: " + Text.Cut(reason.Trim(), 2_000));
            machine.EndFailed(state, $"{actor.Name} refused it: {Text.Cut(reason.Trim(), 1_000)}");
        }, cancellation);

    private void MayDecide(RunState run, PlaybookStep step, StepState state, Actor actor)
    {
        if (state.Status != StepStatus.WaitingForApproval) throw RefusedException.Invalid($"'{step.Name}' waits for no approval: it is {Names.Of(state.Status)}");
        var role = approvals.RoleOf(step);
        if (!actor.Holds(role)) throw RefusedException.Forbidden($"'{step.Name}' is approved by the role {role}, which {actor.Name} does not hold");
        if (Same(run.StartedBy, actor)) throw RefusedException.Forbidden($"{actor.Name} started the run: somebody else approves");
        if (state.Actor is not null && Same(state.Actor, actor)) throw RefusedException.Forbidden($"{actor.Name} asked for this attempt: somebody else approves");
        static bool Same(string name, Actor actor) => string.Equals(name, actor.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True where the step may go ahead; else it waits for approval from now on.</summary>
    private bool Approved(AlertingTransaction unit, RunMachine machine, StepState state, ActionCall call)
    {
        if (!approvals.Wanted(call.Step)) return true;
        var commands = actions.Describe(call);
        var digest = ApprovalRules.Digest(call, commands);
        if (state.ApprovedBy is not null && state.Approval == digest) return true;
        if (state.ApprovedBy is not null) machine.Tell(call.Step, Actor.SystemName, "its values changed since it was approved: it is asked for again");
        machine.AskApproval(state, approvals.RoleOf(call.Step), unit.Now + approvals.ExpiryOf(call.Step), digest, commands);
        return false;
    }

    /// <summary>Approvals that expired, people who are late, containers whose time is over.</summary>
    private int Overdue(AlertingTransaction unit)
    {
        var late = unit.Db.Query(
            """
            SELECT s.run_id, s.step_id FROM alerting_run_steps s JOIN alerting_runs r ON r.id = s.run_id
            WHERE r.status = 0 AND s.due_at <= @p0 AND (s.status = @p1 OR (s.status = @p2 AND s.escalated = 0) OR (s.status = @p3 AND s.lease_owner IS NULL)) ORDER BY s.due_at LIMIT 100
            """, r => (Run: r.GetString(0), Step: r.GetString(1)), unit.Now, StepStatus.WaitingForApproval, StepStatus.WaitingForPerson, StepStatus.Running);
        foreach (var (runId, stepId) in late)
        {
            // One by one: what ends here may end others of the list.
            var run = RunState.Load(unit.Db, runId)!;
            var open = OpenOf(run);
            if (!run.IsOpen || run.Steps.GetValueOrDefault(stepId) is not { DueAt: { } due } state || due > unit.Now) continue;
            var machine = MachineOf(unit, run, open);
            if (open.Fault is not null)
            {
                GiveUp(unit, run, open, machine);
                continue;
            }
            var step = open.Playbook.Steps[stepId];
            var escalate = options.Value.Playbooks.EscalationRole;
            switch (state.Status)
            {
                case StepStatus.WaitingForApproval:
                    machine.NeedPerson(state, $"nobody approved it within {Words.Age(approvals.ExpiryOf(step))}");
                    machine.Notify(NoticeKind.StepWaiting, escalate, step, state, $"nobody approved {step.Name}", "the approval expired", FormattableString.Invariant($"expired/{unit.Now.UtcTicks}"));
                    break;
                case StepStatus.WaitingForPerson:
                    state.Escalated = true;
                    machine.Mark(state);
                    machine.Tell(step, Actor.SystemName, "is late, and waits on");
                    machine.Notify(NoticeKind.StepWaiting, escalate, step, state, $"{step.Name} is late", "nobody has done it in the time that its playbook gives it", "late");
                    break;
                case StepStatus.Running:
                    machine.Expire(state);
                    break;
            }
            Saved(unit, run, open, machine);
        }
        return late.Count;
    }
}
