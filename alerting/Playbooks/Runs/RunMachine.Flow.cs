namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>Where a run goes next.</summary>
internal sealed partial class RunMachine
{
    private void Activate(string id, string? parent)
    {
        var step = Playbook.Steps[id];
        switch (step.Type)
        {
            case StepTypes.End:
                EndBranch(parent, succeeded: true);
                return;
            case StepTypes.Start:
                Continue(step, parent, succeeded: true);
                return;
        }
        if (!run.Steps.TryGetValue(id, out var state)) run.Steps[id] = state = new StepState { StepId = id };
        else if (state.IsActive)
        {
            // Two ways led here at once: it is done once.
            Tell(step, Actor.SystemName, "is under way already, and is not begun twice");
            EndBranch(parent, succeeded: true);
            return;
        }
        state.Reset(StepStatus.Delayed);
        state.Parent = parent;
        state.DueAt = unit.Now + (run.Mode == RunMode.Drill ? TimeSpan.Zero : step.Delay);
        Mark(state);
        if (state.DueAt > unit.Now) Tell(step, Actor.SystemName, $"starts after {Words.Age(step.Delay)}");
        else if (step.IsManual && AnswerOf(step) is null) Wait(state);
        else if (step.IsContainer) Enter(state);
    }

    /// <summary>What a drill's recording says of a step; null where it says nothing, or the run is none.</summary>
    public RecordedAnswer? AnswerOf(PlaybookStep step) => run.Mode != RunMode.Drill ? null : run.Recording?.Steps.GetValueOrDefault(step.Id) ?? run.Recording?.Steps.GetValueOrDefault(step.Name);

    /// <summary>Goes into the branches of a container; of a while step once a round.</summary>
    public void Enter(StepState state)
    {
        var step = Playbook.Steps[state.StepId];
        if (state.StartedAt is null)
        {
            state.Attempt++;
            state.StartedAt = unit.Now;
        }
        state.Status = StepStatus.Running;
        state.DueAt = step.Timeout is { } timeout ? state.StartedAt + timeout : null;
        Mark(state);
        switch (step.Type)
        {
            case StepTypes.If:
                var holds = Holds(step);
                state.Note = holds ? "yes" : "no";
                Tell(step, Actor.SystemName, state.Note);
                Into(holds ? step.OnTrue : step.OnFalse, step.Id);
                break;
            case StepTypes.Switch:
                var value = Value(step, step.Switch) ?? "";
                var chosen = CaseOf(step, value);
                state.Note = Text.Cut(value, 200) + (chosen is null ? ": no case" : chosen.Value == SwitchCase.Default ? ": default" : "");
                Tell(step, Actor.SystemName, state.Note);
                Into(chosen?.StepId, step.Id);
                break;
            case StepTypes.While:
                Round(step, state);
                break;
            default:
                Tell(step, Actor.SystemName, $"{step.NextSteps.Count} branches begin");
                foreach (var branch in step.NextSteps) Activate(branch, step.Id);
                break;
        }
    }

    private bool Holds(PlaybookStep step) => step.Condition!.Holds(name => Value(step, name), name => Playbook.VariableOf(step, name)?.Type);

    public SwitchCase? CaseOf(PlaybookStep step, string value)
    {
        var type = Playbook.VariableOf(step, step.Switch)?.Type;
        return step.Cases.FirstOrDefault(c => c.Value != SwitchCase.Default && Conditions.ValueOrder.Equal(value, new Conditions.Literal(Conditions.LiteralKind.Text, c.Value), type))
            ?? step.Cases.FirstOrDefault(c => c.Value == SwitchCase.Default);
    }

    private void Round(PlaybookStep step, StepState state)
    {
        if (!Holds(step))
        {
            Tell(step, Actor.SystemName, $"ends after {state.Iteration} rounds");
            Close(state, StepStatus.Succeeded);
            Continue(step, state.Parent, succeeded: true);
            return;
        }
        if (state.Iteration >= settings.MaxIterations)
        {
            NeedPerson(state, $"its condition still holds after {state.Iteration} rounds, the ceiling (Alerting:Playbooks:MaxIterations)");
            return;
        }
        state.Iteration++;
        Tell(step, Actor.SystemName, $"round {state.Iteration}");
        foreach (var inner in open.Within(step.Id)) if (run.Steps.TryGetValue(inner, out var before) && !before.IsActive) before.Reset(StepStatus.Pending);
        Into(step.OnTrue, step.Id);
    }

    private void Into(string? branch, string container)
    {
        if (branch is not null) Activate(branch, container);
        else EndBranch(container, succeeded: true);
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
        var step = Playbook.Steps[parent];
        container.BranchesDone++;
        container.BranchFailed |= !succeeded;
        Mark(container);
        if (container.BranchesDone < (step.Type == StepTypes.Parallel ? step.NextSteps.Count : 1)) return;
        if (step.Type == StepTypes.While && succeeded)
        {
            // The next round is the worker's: a loop of many rounds is many transactions, not one deep one.
            container.BranchesDone = 0;
            container.Status = StepStatus.Delayed;
            container.DueAt = unit.Now;
            return;
        }
        Close(container, container.BranchFailed ? StepStatus.Failed : StepStatus.Succeeded);
        Continue(step, container.Parent, !container.BranchFailed);
    }

    /// <summary>Ends a step that took longer than its timeout allows, with everything inside.</summary>
    public void Expire(StepState state)
    {
        var step = Playbook.Steps[state.StepId];
        var inner = open.Within(step.Id);
        foreach (var other in run.Steps.Values.Where(s => s.IsActive && inner.Contains(s.StepId)))
        {
            Close(other, StepStatus.Cancelled);
            Tell(Playbook.Steps[other.StepId], Actor.SystemName, "cancelled: the time of the step around it is over");
        }
        EndFailed(state, $"did not end within {Words.Age(step.Timeout!.Value)}");
        Settle();
    }

    private void Fail()
    {
        // The playbook's own answer to a failure, once.
        if (Playbook.Exception is { } exception && !run.Steps.ContainsKey(exception) && Playbook.Steps.TryGetValue(exception, out var answer) && answer.Type != StepTypes.End)
        {
            Activate(exception, null);
            return;
        }
        Cancel(RunStatus.Failed);
        TellRun(Actor.SystemName, "failed");
    }

    /// <summary>Ends the run when nothing is left to do.</summary>
    public void Settle()
    {
        if (!run.IsOpen || run.Steps.Values.Any(s => s.IsActive)) return;
        run.Status = RunStatus.Completed;
        run.EndedAt = unit.Now;
        TellRun(Actor.SystemName, "completed");
    }
}
