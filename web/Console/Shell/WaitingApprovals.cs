using Beacon.Alerting;
using Beacon.Alerting.Playbooks;

namespace Beacon.Web.Console.Shell;

/// <summary>A step that this person may approve or refuse.</summary>
public sealed record WaitingApproval(string RunId, long IncidentId, string IncidentNumber, string StepId, string Step, DateTimeOffset? AskedAt);

/// <summary>Which playbook steps wait for one person's yes or no, in all runs.</summary>
public sealed class WaitingApprovals(IPlaybookEngine engine)
{
    private const int MaxRuns = 50;

    /// <summary>The longest waiting first. Not those of runs that the person started: somebody else approves.</summary>
    public async Task<IReadOnlyList<WaitingApproval>> ForAsync(Actor person, CancellationToken cancellation = default)
    {
        var waiting = new List<WaitingApproval>();
        var open = await engine.ListAsync(null, openOnly: true, 200, cancellation);
        foreach (var run in open.Where(r => r.Status == RunStatus.Running && r.Active.Any(a => a.Status == StepStatus.WaitingForApproval) && !string.Equals(r.StartedBy, person.Name, StringComparison.OrdinalIgnoreCase)).Take(MaxRuns))
        {
            if (await engine.FindAsync(run.Id, cancellation) is not { } detail) continue;
            waiting.AddRange(detail.Steps.Where(s => s.Summary.Status == StepStatus.WaitingForApproval && s.Approval is { } approval && person.Holds(approval.Role))
                .Select(s => new WaitingApproval(run.Id, run.IncidentId, run.IncidentNumber, s.Summary.StepId, $"{s.Summary.Label} {s.Summary.Name}".Trim(), s.Approval!.AskedAt)));
        }
        return [.. waiting.OrderBy(w => w.AskedAt ?? DateTimeOffset.MaxValue)];
    }
}
