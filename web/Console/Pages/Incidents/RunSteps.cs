using Beacon.Alerting.Playbooks;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Which step of a run a person looks at, and what comes after it.</summary>
internal static class RunSteps
{
    /// <summary>The one that was picked; a picked one that ended gives way to what is under way. Of those, the one that a person does stands first.</summary>
    public static StepDetail? Current(RunDetail run, string? picked)
    {
        var own = run.Steps.FirstOrDefault(s => s.Summary.StepId == picked);
        var going = run.Summary.Active;
        if (own is not null && (going.Count == 0 || going.Any(a => a.StepId == picked) || own.Summary.Status is not StepStatus.Succeeded)) return own;
        var first = going.OrderBy(a => a.Status switch { StepStatus.WaitingForPerson => 0, StepStatus.NeedsPerson => 1, StepStatus.WaitingForApproval => 2, _ => 3 }).FirstOrDefault();
        return first is null ? own : run.Steps.FirstOrDefault(s => s.Summary.StepId == first.StepId) ?? own;
    }

    /// <summary>Names of the steps that follow, past joins and ends; at most four.</summary>
    public static IReadOnlyList<string> Next(RunDetail run, string step)
    {
        var nodes = run.Graph.Nodes.ToDictionary(n => n.StepId);
        return [.. run.Graph.Edges.Where(e => e.From == step && e.Kind is not ("failure" or "again")).Select(e => nodes.GetValueOrDefault(e.To)).OfType<GraphNode>()
            .Where(n => n.Type is not ("start" or "end")).Select(n => $"{n.Label} {n.Name}".Trim()).Distinct().Take(4)];
    }
}
