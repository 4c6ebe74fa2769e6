using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>Runs that are steps of other runs (playbook-action): one transaction starts both sides and ends both.</summary>
internal sealed partial class PlaybookEngine
{
    /// <summary>The run that a playbook-action would start, or why it cannot.</summary>
    private (RunState? Child, string? Fault) ChildOf(AlertingTransaction unit, RunState run, PlaybookStep step, RunMachine machine)
    {
        if (library.Open(unit.Db, step.PlaybookId!) is not { } found) return (null, $"there is no playbook {step.PlaybookId} that can be run");
        var (playbook, json) = found;
        if (step.PlaybookVersion is { } version && playbook.Modified != version) return (null, $"'{playbook.Name}' is not there in the version {version:O}; the one here was modified {playbook.Modified:O}");
        if (run.Depth + 1 > options.Value.Playbooks.MaxDepth) return (null, $"playbooks run playbooks at most {options.Value.Playbooks.MaxDepth} deep (Alerting:Playbooks:MaxDepth)");
        for (var above = run; above is not null; above = above.ParentRun is { } id ? RunState.Load(unit.Db, id) : null)
            if (above.PlaybookId == playbook.Id) return (null, $"'{playbook.Name}' would run itself");
        if (OpenRuns(unit) >= options.Value.OpenRuns) return (null, $"{options.Value.OpenRuns} runs are open, the ceiling (Alerting:OpenRuns)");
        var incident = IncidentTable.Find(unit.Db, run.IncidentId)!;
        var child = new RunState
        {
            Id = Guid.CreateVersion7(unit.Now).ToString("D"), PlaybookId = playbook.Id, PlaybookName = playbook.Name, Document = json, IncidentId = run.IncidentId, IncidentNumber = run.IncidentNumber,
            Status = RunStatus.Running, StartedBy = run.StartedBy, StartedAt = unit.Now, UpdatedAt = unit.Now, Variables = [], Mode = run.Mode, Recording = run.Recording,
            ParentRun = run.Id, ParentStep = step.Id, Depth = run.Depth + 1,
        };
        FromIncident(unit, child, playbook, incident);
        foreach (var name in step.InArgs)
        {
            if (!playbook.Variables.TryGetValue(name, out var declared) || declared.Constant) return (null, $"'{playbook.Name}' takes no variable {name}");
            var value = machine.Value(step, name) ?? "";
            if (!VariableTypes.FitsPlain(declared.Type, value)) return (null, $"the value of {name} is no {declared.Type}, which '{playbook.Name}' wants");
            child.Variables[name] = value;
        }
        return (child, null);
    }

    /// <summary>Tells the step that started a run what became of it.</summary>
    private void Report(AlertingTransaction unit, RunState child)
    {
        if (RunState.Load(unit.Db, child.ParentRun!) is not { IsOpen: true } run || run.Steps.GetValueOrDefault(child.ParentStep!) is not { Status: StepStatus.Running } state || state.ChildRun != child.Id) return;
        var open = OpenOf(run);
        if (open.Fault is not null) return;
        var machine = MachineOf(unit, run, open);
        var step = open.Playbook.Steps[state.StepId];
        if (child.Status == RunStatus.Completed)
        {
            var playbook = OpenOf(child).Playbook;
            foreach (var name in step.OutArgs)
                if ((child.Variables.GetValueOrDefault(name) ?? playbook.Variables.GetValueOrDefault(name)?.Value) is { } value && !machine.Set(step, name, value))
                    machine.Tell(step, Actor.SystemName, $"{name} stays as it was: what {child.PlaybookName} made of it does not fit");
            machine.End(state, StepStatus.Succeeded, true, Actor.SystemName, $"done: {child.PlaybookName} completed");
        }
        else if (child.Status == RunStatus.Failed) machine.EndFailed(state, $"{child.PlaybookName} failed");
        else machine.NeedPerson(state, $"{child.PlaybookName} was cancelled");
        Saved(unit, run, open, machine);
    }

    private void CancelChild(AlertingTransaction unit, string id)
    {
        if (RunState.Load(unit.Db, id) is not { IsOpen: true } child) return;
        var open = OpenOf(child);
        var machine = MachineOf(unit, child, open);
        machine.Cancel(RunStatus.Cancelled);
        machine.TellRun(Actor.SystemName, "cancelled: the step that started it ended");
        Saved(unit, child, open, machine);
    }

    private void OnChildren(AlertingTransaction unit, RunState run, Action<RunState> change)
    {
        foreach (var id in run.Steps.Values.Where(s => s is { Status: StepStatus.Running, ChildRun: not null }).Select(s => s.ChildRun!))
        {
            if (RunState.Load(unit.Db, id) is not { IsOpen: true } child) continue;
            change(child);
            OnChildren(unit, child, change);
            var open = OpenOf(child);
            Saved(unit, child, open, MachineOf(unit, child, open));
        }
    }
}
