using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>
/// Moves a run within one transaction. Steps inside an if or parallel step know their parent; a branch ends at its end step, a
/// container when all its branches did. Fail closed: an automatic step without a way on after a failure waits for a person.
/// </summary>
internal sealed class RunMachine(AlertingTransaction unit, RunState run, Playbook playbook, IReadOnlyDictionary<string, string> labels)
{
    public string? LastChanged { get; private set; }

    public void Begin() => Activate(playbook.Start, null);

    /// <summary>Goes on from a step that ended.</summary>
    public void End(StepState state, StepStatus status, bool succeeded, string actor, string said)
    {
        var step = playbook.Steps[state.StepId];
        state.Status = status;
        state.EndedAt = unit.Now;
        state.LeaseOwner = null;
        state.LeaseUntil = null;
        state.DueAt = null;
        Mark(state);
        if (said.Length > 0) Tell(step, actor, said);
        Continue(step, state.Parent, succeeded);
        Settle();
    }

    /// <summary>Waits for a person, who retries, skips or marks it.</summary>
    public void NeedPerson(StepState state, string error)
    {
        state.Status = StepStatus.NeedsPerson;
        state.Error = Text.Cut(error, 2_000);
        state.LeaseOwner = null;
        state.LeaseUntil = null;
        Mark(state);
        Tell(playbook.Steps[state.StepId], Actor.SystemName, "needs a person: " + error);
    }

    public void Cancel(RunStatus status)
    {
        run.Status = status;
        run.EndedAt = unit.Now;
        foreach (var state in run.Steps.Values.Where(s => s.IsActive))
        {
            state.Status = StepStatus.Cancelled;
            state.EndedAt = unit.Now;
            state.LeaseOwner = null;
            Mark(state);
        }
    }

    public string? Value(PlaybookStep step, string name)
    {
        if (playbook.VariableOf(step, name) is not { } declared) return null;
        var kept = step.Variables.ContainsKey(name) ? run.Variables.GetValueOrDefault(step.Id + "/" + name) : run.Variables.GetValueOrDefault(name);
        if (kept is not null) return kept;
        // A default may name other variables; they are filled in once.
        return VariableReference.Fill(declared.Value ?? "", other => other == name ? "" : run.Variables.GetValueOrDefault(other) ?? playbook.VariableOf(step, other)?.Value);
    }

    public void Set(PlaybookStep step, string name, string value) => run.Variables[step.Variables.ContainsKey(name) ? step.Id + "/" + name : name] = value;

    public void Mark(StepState state)
    {
        state.Changed = true;
        LastChanged = state.StepId;
    }

    public void Tell(PlaybookStep step, string actor, string said) => Timeline.Append(
        unit, run.IncidentId, unit.Now, TimelineKind.Playbook, actor, $"Step {labels.GetValueOrDefault(step.Id, "?")}, {step.Name}: {said}", $"run:{run.Id}/{step.Id}");

    /// <summary>Makes a manual step wait for its person.</summary>
    public void Wait(StepState state)
    {
        var step = playbook.Steps[state.StepId];
        state.Status = StepStatus.WaitingForPerson;
        state.Attempt++;
        state.StartedAt = unit.Now;
        state.DueAt = step.Timeout is { } timeout ? unit.Now + timeout : null;
        Mark(state);
        Tell(step, Actor.SystemName, "waits for a person");
    }

    private void Activate(string id, string? parent)
    {
        var step = playbook.Steps[id];
        switch (step.Type)
        {
            case StepTypes.End:
                EndBranch(parent, succeeded: true);
                return;
            case StepTypes.Start:
                Continue(step, parent, succeeded: true);
                return;
        }
        var state = new StepState { StepId = id, Parent = parent, Status = StepStatus.Delayed, DueAt = unit.Now + step.Delay };
        run.Steps[id] = state;
        Mark(state);
        if (step.Delay > TimeSpan.Zero) Tell(step, Actor.SystemName, $"starts after {Words.Age(step.Delay)}");
        else if (step.IsManual) Wait(state);
        else if (step.IsContainer) Enter(state);
    }

    /// <summary>Goes into the branches of an if or parallel step.</summary>
    public void Enter(StepState state)
    {
        var step = playbook.Steps[state.StepId];
        state.Status = StepStatus.Running;
        state.Attempt = 1;
        state.StartedAt = unit.Now;
        state.DueAt = null;
        Mark(state);
        if (step.Type == StepTypes.If)
        {
            var holds = step.Condition!.Holds(name => Value(step, name));
            Tell(step, Actor.SystemName, holds ? "yes" : "no");
            state.Note = holds ? "yes" : "no";
            if ((holds ? step.OnTrue : step.OnFalse) is { } branch) Activate(branch, step.Id);
            else EndBranch(step.Id, succeeded: true);
            return;
        }
        Tell(step, Actor.SystemName, $"{step.NextSteps.Count} branches begin");
        foreach (var branch in step.NextSteps) Activate(branch, step.Id);
    }

    private void Continue(PlaybookStep step, string? parent, bool succeeded)
    {
        if (!run.IsOpen) return;
        var next = succeeded ? step.OnSuccess ?? step.OnCompletion : step.OnFailure ?? step.OnCompletion;
        if (next is not null) Activate(next, parent);
        else EndBranch(parent, succeeded);
    }

    private void EndBranch(string? parent, bool succeeded)
    {
        if (parent is null)
        {
            if (!succeeded) Fail();
            return;
        }
        var container = run.Steps[parent];
        var step = playbook.Steps[parent];
        container.BranchesDone++;
        container.BranchFailed |= !succeeded;
        Mark(container);
        if (container.BranchesDone < (step.Type == StepTypes.Parallel ? step.NextSteps.Count : 1)) return;
        container.Status = container.BranchFailed ? StepStatus.Failed : StepStatus.Succeeded;
        container.EndedAt = unit.Now;
        Continue(step, container.Parent, !container.BranchFailed);
    }

    private void Fail()
    {
        // The playbook's own answer to a failure, once.
        if (playbook.Exception is { } exception && !run.Steps.ContainsKey(exception) && playbook.Steps.TryGetValue(exception, out var answer) && answer.Type != StepTypes.End)
        {
            Activate(exception, null);
            return;
        }
        Cancel(RunStatus.Failed);
        Timeline.Append(unit, run.IncidentId, unit.Now, TimelineKind.Playbook, Actor.SystemName, $"Playbook {run.PlaybookName} failed", $"run:{run.Id}");
    }

    /// <summary>Ends the run when nothing is left to do.</summary>
    public void Settle()
    {
        if (!run.IsOpen || run.Steps.Values.Any(s => s.IsActive)) return;
        run.Status = RunStatus.Completed;
        run.EndedAt = unit.Now;
        Timeline.Append(unit, run.IncidentId, unit.Now, TimelineKind.Playbook, Actor.SystemName, $"Playbook {run.PlaybookName} completed", $"run:{run.Id}");
    }
}
