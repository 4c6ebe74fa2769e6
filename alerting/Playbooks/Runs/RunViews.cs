using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Playbooks.Actions;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>What is told of a run.</summary>
internal static class RunViews
{
    public static RunSummary Summarise(RunState run, OpenPlaybook open, string? changed)
    {
        var doing = open.Doing;
        return new RunSummary
        {
            Id = run.Id, Version = run.Version, PlaybookId = run.PlaybookId, PlaybookName = open.Playbook.Name, IncidentId = run.IncidentId, IncidentNumber = run.IncidentNumber,
            Status = run.Status, Mode = run.Mode, ParentRunId = run.ParentRun, StartedBy = run.StartedBy, StartedAt = run.StartedAt, UpdatedAt = run.UpdatedAt, EndedAt = run.EndedAt,
            StepsDone = run.Steps.Values.Count(s => s.Status is StepStatus.Succeeded or StepStatus.Failed or StepStatus.Skipped), StepsTotal = doing.Count,
            Active = [.. doing.Where(s => run.Steps.TryGetValue(s.Id, out var state) && state.IsActive && (!s.IsContainer || state.Status == StepStatus.NeedsPerson)).Take(20).Select(s => StepOf(run, open, s))],
            Changed = changed is not null && open.Playbook.Steps.TryGetValue(changed, out var step) ? StepOf(run, open, step) : null,
        };
    }

    public static RunDetail Detail(RunState run, OpenPlaybook open, PlaybookActions actions, IPlaybookSecrets secrets, ApprovalRules approvals)
    {
        // Reading never writes: the machine only looks values up here.
        var values = new RunMachine(null!, run, open, new PlaybookOptions());
        return new RunDetail
        {
            Summary = Summarise(run, open, null), Graph = open.Graph, Steps = [.. open.Doing.Select(s => DetailOf(run, open, s, values, actions, secrets, approvals))],
            Variables = [.. open.Playbook.Variables.Values.Select(v => new RunVariable(v.Name, v.Type, run.Variables.GetValueOrDefault(v.Name) ?? v.Value ?? "", v.Description, v.Constant))],
        };
    }

    public static string KeyOf(RunState run, string stepId, int attempt) =>
        "beacon-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{run.Id}/{stepId}/{attempt}"))).AsSpan(0, 16));

    private static StepSummary StepOf(RunState run, OpenPlaybook open, PlaybookStep step)
    {
        var state = run.Steps.GetValueOrDefault(step.Id);
        return new StepSummary(step.Id, step.Name, open.Labels.GetValueOrDefault(step.Id, ""), state?.Status ?? StepStatus.Pending, state?.Attempt ?? 0, state?.StartedAt, state?.EndedAt);
    }

    private static StepDetail DetailOf(RunState run, OpenPlaybook open, PlaybookStep step, RunMachine values, PlaybookActions actions, IPlaybookSecrets secrets, ApprovalRules approvals)
    {
        var state = run.Steps.GetValueOrDefault(step.Id);
        string? Value(string name) => values.Value(step, name);
        string Name(string id) => open.Playbook.Agents.GetValueOrDefault(id)?.Name ?? id;
        return new StepDetail
        {
            Summary = StepOf(run, open, step), Type = step.Type, Description = VariableReference.Fill(step.Description, Value),
            Commands = step.IsManual ? [.. step.Commands.Select(c => VariableReference.Fill(c.Text, Value))]
                : step.Commands.Count > 0 ? actions.Describe(new ActionCall(open.Playbook, step, Value, "", secrets)) : [],
            Agent = step.Agent is null ? "" : Name(step.Agent), Targets = [.. step.Targets.Select(Name)],
            Outputs = [.. step.OutArgs.Select(o => open.Playbook.VariableOf(step, o)!).Select(v => new RunVariable(v.Name, v.Type, Value(v.Name) ?? "", v.Description, v.Constant))],
            Note = state?.Note ?? "", Error = state?.Error ?? "", Actor = state?.Actor, IdempotencyKey = state is { Attempt: > 0 } ? KeyOf(run, step.Id, state.Attempt) : "", DueAt = state?.DueAt,
            Role = open.Playbook.RoleOf(step), Iteration = state?.Iteration ?? 0, ChildRunId = state?.ChildRun,
            Approval = !approvals.Wanted(step) && state?.AskedAt is null ? null
                : new StepApproval(approvals.RoleOf(step), state?.AskedAt, state?.AskedAt is { } asked ? asked + approvals.ExpiryOf(step) : null, state?.ApprovedBy, state?.DecidedAt),
        };
    }
}
