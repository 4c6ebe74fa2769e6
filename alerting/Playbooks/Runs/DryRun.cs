using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Storage;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>
/// Walks every path of a playbook and writes down what would be done there with the values of now. Calls nothing, asks nobody.
/// Steps on the path that these values take end as succeeded, those on others as skipped.
/// </summary>
internal sealed class DryRun(AlertingTransaction unit, RunState run, OpenPlaybook open, RunMachine machine, PlaybookActions actions, IPlaybookSecrets secrets, ApprovalRules approvals)
{
    private const string OtherPath = "another path than these values take: ";

    public void Walk()
    {
        var taken = Taken();
        var calls = 0;
        foreach (var step in open.Doing)
        {
            var (note, called) = Would(step);
            if (taken.Contains(step.Id)) calls += called;
            run.Steps[step.Id] = new StepState
            {
                StepId = step.Id, Status = taken.Contains(step.Id) ? StepStatus.Succeeded : StepStatus.Skipped, StartedAt = unit.Now, EndedAt = unit.Now, Changed = true,
                Note = Text.Cut((taken.Contains(step.Id) ? "" : OtherPath) + note, 10_000),
            };
        }
        run.Status = RunStatus.Completed;
        run.EndedAt = unit.Now;
        machine.TellRun(Actor.SystemName, $"would do {taken.Count} steps with {calls} calls; nothing was called");
    }

    private (string Note, int Calls) Would(PlaybookStep step)
    {
        var values = machine.Values(step);
        string Given(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"{n} = '{Text.Cut(values.GetValueOrDefault(n) ?? "", 200)}'"));
        switch (step.Type)
        {
            case StepTypes.If or StepTypes.While:
                return ($"would answer {(Holds(step) ? "yes" : "no")} with {Given(step.Condition!.Variables.Distinct())}", 0);
            case StepTypes.Switch:
                return ($"would look for {Given([step.Switch])} among {string.Join(", ", step.Cases.Select(c => c.Value))}", 0);
            case StepTypes.Parallel:
                return ($"would begin {step.NextSteps.Count} branches", 0);
            case StepTypes.PlaybookAction:
                return ($"would run {step.PlaybookId}" + (step.InArgs.Count > 0 ? " with " + Given(step.InArgs) : ""), 0);
        }
        if (step.IsManual)
        {
            var role = open.Playbook.RoleOf(step);
            return ($"would ask {(role.Length > 0 ? "the role " + role : "a person")}: {string.Join("; ", step.Commands.Select(c => VariableReference.Fill(c.Text, values.GetValueOrDefault)))}"
                + (step.OutArgs.Count > 0 ? "; taken as answered: " + Given(step.OutArgs) : ""), 0);
        }
        var lines = actions.Describe(new ActionCall(open.Playbook, step, values.GetValueOrDefault, "", secrets));
        return ((approvals.Wanted(step) ? $"after approval by the role {approvals.RoleOf(step)} " : "") + "would call: " + string.Join("; ", lines), lines.Count);
    }

    private bool Holds(PlaybookStep step) => step.Condition!.Holds(n => machine.Value(step, n), n => open.Playbook.VariableOf(step, n)?.Type);

    private HashSet<string> Taken()
    {
        var taken = new HashSet<string>();
        var waiting = new Stack<string>([open.Playbook.Start]);
        while (waiting.TryPop(out var id))
        {
            if (!open.Playbook.Steps.TryGetValue(id, out var step) || step.Type != StepTypes.Start && step.Type != StepTypes.End && !taken.Add(id)) continue;
            if (step.Type == StepTypes.End) continue;
            List<string?> inside = step.Type switch
            {
                StepTypes.If => [Holds(step) ? step.OnTrue : step.OnFalse],
                StepTypes.While => [Holds(step) ? step.OnTrue : null],
                StepTypes.Switch => [machine.CaseOf(step, machine.Value(step, step.Switch) ?? "")?.StepId],
                _ => [.. step.NextSteps],
            };
            foreach (var next in inside.Append(step.OnSuccess ?? step.OnCompletion).OfType<string>()) waiting.Push(next);
        }
        return taken;
    }
}
