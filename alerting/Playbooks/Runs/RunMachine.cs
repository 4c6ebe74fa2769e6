using Beacon.Alerting.Incidents;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>
/// Moves a run within one transaction. Steps inside a container (if, switch, while, parallel) know their parent; a branch ends at its end
/// step, a container when all its branches did. Fail closed: an automatic step without a way on after a failure waits for a person.
/// </summary>
internal sealed partial class RunMachine(AlertingTransaction unit, RunState run, OpenPlaybook open, PlaybookOptions settings)
{
    private Playbook Playbook => open.Playbook;

    public string? LastChanged { get; private set; }

    public void Begin() => Activate(Playbook.Start, null);

    /// <summary>Goes on from a step that ended.</summary>
    public void End(StepState state, StepStatus status, bool succeeded, string actor, string said)
    {
        var step = Playbook.Steps[state.StepId];
        Close(state, status);
        if (said.Length > 0) Tell(step, actor, said);
        Continue(step, state.Parent, succeeded);
        Settle();
    }

    /// <summary>Ends what failed: along its own way for that, else a person decides.</summary>
    public void EndFailed(StepState state, string said)
    {
        state.Error = Text.Cut(said, 2_000);
        if (Playbook.Steps[state.StepId].OnFailure is not null) End(state, StepStatus.Failed, false, Actor.SystemName, "failed: " + said);
        else NeedPerson(state, said);
    }

    /// <summary>Waits for a person, who retries, skips or marks it.</summary>
    public void NeedPerson(StepState state, string error)
    {
        var step = Playbook.Steps[state.StepId];
        state.Status = StepStatus.NeedsPerson;
        state.Error = Text.Cut(error, 2_000);
        state.LeaseOwner = null;
        state.LeaseUntil = null;
        state.DueAt = null;
        state.StartedAt ??= unit.Now;
        Mark(state);
        Tell(step, Actor.SystemName, "needs a person: " + error);
        Notify(NoticeKind.StepWaiting, RoleNames.Responder, step, state, $"{step.Name} needs a person", error, "person");
    }

    public void Cancel(RunStatus status)
    {
        run.Status = status;
        run.EndedAt = unit.Now;
        foreach (var state in run.Steps.Values.Where(s => s.IsActive)) Close(state, StepStatus.Cancelled);
    }

    public string? Value(PlaybookStep step, string name)
    {
        if (Playbook.VariableOf(step, name) is not { } declared) return null;
        var kept = step.Variables.ContainsKey(name) ? run.Variables.GetValueOrDefault(step.Id + "/" + name) : run.Variables.GetValueOrDefault(name);
        if (kept is not null) return kept;
        // A default may name other variables; they are filled in once.
        return VariableReference.Fill(declared.Value ?? "", other => other == name ? "" : run.Variables.GetValueOrDefault(other) ?? Playbook.VariableOf(step, other)?.Value);
    }

    /// <summary>All that a step sees, as it is now.</summary>
    public Dictionary<string, string?> Values(PlaybookStep step) => Playbook.Variables.Keys.Concat(step.Variables.Keys).Distinct().ToDictionary(n => n, n => Value(step, n));

    /// <summary>Sets an output. False where it is no output of the step, a constant, or not of its type.</summary>
    public bool Set(PlaybookStep step, string name, string value)
    {
        if (!step.OutArgs.Contains(name) || Playbook.VariableOf(step, name) is not { Constant: false } declared || !VariableTypes.FitsPlain(declared.Type, value)) return false;
        run.Variables[step.Variables.ContainsKey(name) ? step.Id + "/" + name : name] = value;
        return true;
    }

    public void Mark(StepState state)
    {
        state.Changed = true;
        LastChanged = state.StepId;
    }

    public void Tell(PlaybookStep step, string actor, string said) => Timeline.Append(
        unit, run.IncidentId, unit.Now, TimelineKind.Playbook, actor, $"{Prefix}Step {open.Labels.GetValueOrDefault(step.Id, "?")}, {step.Name}: {said}", $"run:{run.Id}/{step.Id}");

    public void TellRun(string actor, string said) =>
        Timeline.Append(unit, run.IncidentId, unit.Now, TimelineKind.Playbook, actor, $"{Prefix}Playbook {run.PlaybookName} {said}", $"run:{run.Id}");

    /// <param name="about">Tells notices of one attempt apart.</param>
    public void Notify(NoticeKind kind, string audience, PlaybookStep step, StepState state, string subject, string text, string about) => NoticeQueue.Add(unit, new Notice(
        kind, audience, WarningLevel.None, $"{Prefix}{run.IncidentNumber}: {subject}", $"Playbook {run.PlaybookName}, step {open.Labels.GetValueOrDefault(step.Id, "?")}: {text}",
        $"run:{run.Id}/{step.Id}", FormattableString.Invariant($"run:{run.Id}/{step.Id}/{state.Attempt}/{state.Iteration}/{about}")));

    /// <summary>Makes a manual step wait for its person.</summary>
    public void Wait(StepState state)
    {
        var step = Playbook.Steps[state.StepId];
        state.Status = StepStatus.WaitingForPerson;
        state.Attempt++;
        state.StartedAt = unit.Now;
        state.DueAt = step.Timeout is { } timeout ? unit.Now + timeout : null;
        Mark(state);
        var role = Playbook.RoleOf(step);
        Tell(step, Actor.SystemName, role.Length > 0 ? $"waits for a person with the role {role}" : "waits for a person");
        Notify(NoticeKind.StepWaiting, role.Length > 0 ? role : RoleNames.Responder, step, state, $"{step.Name} waits for a person", VariableReference.Fill(step.Description, n => Value(step, n)), "waits");
    }

    /// <summary>Makes a step wait until somebody approves what is told.</summary>
    public void AskApproval(StepState state, string role, DateTimeOffset until, string digest, IReadOnlyList<string> commands)
    {
        var step = Playbook.Steps[state.StepId];
        state.Status = StepStatus.WaitingForApproval;
        state.Approval = digest;
        state.ApprovedBy = null;
        state.DecidedAt = null;
        state.AskedAt = unit.Now;
        state.StartedAt ??= unit.Now;
        state.DueAt = until;
        Mark(state);
        var what = string.Join("; ", commands);
        Tell(step, Actor.SystemName, $"waits for approval by the role {role}: {Text.Cut(what, 2_000)}");
        Notify(NoticeKind.ApprovalWanted, role, step, state, $"{step.Name} waits for approval", what, FormattableString.Invariant($"approval/{unit.Now.UtcTicks}"));
    }

    private string Prefix => run.Mode switch { RunMode.Drill => "[drill] ", RunMode.DryRun => "[dry run] ", _ => "" };

    private void Close(StepState state, StepStatus status)
    {
        state.Status = status;
        state.EndedAt = unit.Now;
        state.LeaseOwner = null;
        state.LeaseUntil = null;
        state.DueAt = null;
        Mark(state);
    }
}
