using Beacon.Alerting.Playbooks.Actions;

namespace Beacon.Alerting.Playbooks.Runs;

/// <summary>What a run does before it waits for anybody: walked as the run would, down every way that a condition or a failure may choose.</summary>
internal sealed class FirstSteps(Playbook playbook, PlaybookActions actions, ApprovalRules approvals)
{
    private readonly List<FirstStep> _found = [];
    private readonly HashSet<string> _walked = [];

    public IReadOnlyList<FirstStep> Find()
    {
        Walk(playbook.Start);
        return _found;
    }

    /// <returns>True where the way goes on behind it without anybody.</returns>
    private bool Walk(string? id)
    {
        while (id is not null && playbook.Steps.TryGetValue(id, out var step) && _walked.Add(id) && _found.Count < FirstStep.Most)
        {
            if (step.Type == StepTypes.End) return true;
            if (step.IsContainer)
            {
                // Who waits in one branch holds up the others' join, not their beginning; behind it goes on what one way leads past.
                var past = step.OnFalse is null && step.Type is StepTypes.If or StepTypes.While or StepTypes.Switch;
                foreach (var branch in step.Branches) past |= Walk(branch);
                if (!past) return false;
            }
            else if (KindOf(step) is { } kind)
            {
                _found.Add(new FirstStep(step.Id, kind));
                if (kind is FirstStepKind.Person or FirstStepKind.Approval) return false;
                if (step.OnFailure is { } failed) Walk(failed);
            }
            id = step.OnCompletion ?? step.OnSuccess;
        }
        return true;
    }

    private FirstStepKind? KindOf(PlaybookStep step) => step switch
    {
        { IsManual: true } => FirstStepKind.Person,
        { IsAutomatic: true } => approvals.Wanted(step) ? FirstStepKind.Approval : actions.ChangesTarget(step) ? FirstStepKind.Acts : FirstStepKind.Reads,
        // Another playbook may do anything.
        { Type: StepTypes.PlaybookAction } => FirstStepKind.Acts,
        _ => null,
    };
}
