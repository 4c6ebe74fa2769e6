using Beacon.Alerting.Playbooks.Actions;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks;

/// <summary>What the schemas cannot say: references, loops, reachability, branches that run a step twice.</summary>
internal static class WorkflowCheck
{
    public static void Run(Playbook playbook, PlaybookActions actions, IPlaybookSecrets secrets, PlaybookFaults faults)
    {
        References(playbook, faults);
        if (!Loops(playbook, faults))
        {
            Reachability(playbook, faults);
            Branches(playbook, faults);
        }
        VariableCheck.Document(playbook, faults);
        foreach (var step in playbook.Steps.Values)
        {
            var path = PathOf(step.Id);
            Exits(step, path, faults);
            VariableCheck.Step(playbook, step, path, faults);
            RunCheck.Step(playbook, step, path, actions, secrets, faults);
        }
    }

    public static string PathOf(string id) => PlaybookFaults.Path("$.workflow", id);

    private static void References(Playbook playbook, PlaybookFaults faults)
    {
        void Step(string? id, string path)
        {
            if (id is not null && !playbook.Steps.ContainsKey(id)) faults.Add(PlaybookFaults.Dangling, path, $"there is no step '{id}'");
        }
        Step(playbook.Start, "$.workflow_start");
        // An exception that only ends the run needs no step; published playbooks leave it out.
        if (playbook.Exception?.StartsWith("end--", StringComparison.Ordinal) is false) Step(playbook.Exception, "$.workflow_exception");
        foreach (var step in playbook.Steps.Values)
        {
            var path = PathOf(step.Id);
            Step(step.OnCompletion, path + ".on_completion");
            Step(step.OnSuccess, path + ".on_success");
            Step(step.OnFailure, path + ".on_failure");
            Step(step.OnTrue, path + ".on_true");
            Step(step.OnFalse, path + ".on_false");
            for (var i = 0; i < step.NextSteps.Count; i++) Step(step.NextSteps[i], $"{path}.next_steps[{i}]");
            foreach (var target in step.Cases) Step(target.StepId, PlaybookFaults.Path(path + ".cases", target.Value));
            if (step.PlaybookId == playbook.Id) faults.Add(PlaybookFaults.Loop, path + ".playbook_id", "the playbook would run itself");
            if (step.Agent is { } agent && !playbook.Agents.ContainsKey(agent)) faults.Add(PlaybookFaults.Undefined, path + ".agent", $"'{agent}' is not defined");
            for (var i = 0; i < step.Targets.Count; i++)
                if (!playbook.Agents.ContainsKey(step.Targets[i])) faults.Add(PlaybookFaults.Undefined, $"{path}.targets[{i}]", $"'{step.Targets[i]}' is not defined");
        }
    }

    private static IEnumerable<string> Edges(Playbook playbook, string id) =>
        playbook.Steps.TryGetValue(id, out var step) ? step.Branches.Concat(step.Continuations).Where(playbook.Steps.ContainsKey) : [];

    /// <summary>Every loop is a fault: CACAO repeats by while-condition only, whose branch ends in a step of its own.</summary>
    private static bool Loops(Playbook playbook, PlaybookFaults faults)
    {
        var done = new HashSet<string>();
        var onPath = new HashSet<string>();
        var found = false;
        foreach (var root in playbook.Steps.Keys)
        {
            if (done.Contains(root)) continue;
            var stack = new Stack<(string Id, IEnumerator<string> Next)>();
            stack.Push((root, Edges(playbook, root).GetEnumerator()));
            onPath.Add(root);
            while (stack.Count > 0)
            {
                var (id, next) = stack.Peek();
                if (!next.MoveNext())
                {
                    stack.Pop();
                    onPath.Remove(id);
                    done.Add(id);
                }
                else if (onPath.Contains(next.Current))
                {
                    found = true;
                    faults.Add(PlaybookFaults.Loop, PathOf(id), next.Current == id ? (Phrase)"the step leads to itself" : $"leads back to '{next.Current}': a loop without an exit; only a while-condition repeats");
                }
                else if (!done.Contains(next.Current))
                {
                    onPath.Add(next.Current);
                    stack.Push((next.Current, Edges(playbook, next.Current).GetEnumerator()));
                }
            }
        }
        return found;
    }

    public static HashSet<string> Reach(Playbook playbook, IEnumerable<string> from)
    {
        var seen = new HashSet<string>();
        var waiting = new Stack<string>(from.Where(playbook.Steps.ContainsKey));
        while (waiting.TryPop(out var id)) if (seen.Add(id)) foreach (var next in Edges(playbook, id)) waiting.Push(next);
        return seen;
    }

    private static void Reachability(Playbook playbook, PlaybookFaults faults)
    {
        var reached = Reach(playbook, new[] { playbook.Start, playbook.Exception }.OfType<string>());
        foreach (var id in playbook.Steps.Keys.Where(id => !reached.Contains(id))) faults.Add(PlaybookFaults.Unreachable, PathOf(id), "no path leads to this step");
    }

    /// <summary>A step that two parallel branches reach, or a branch and what follows it, would run twice.</summary>
    private static void Branches(Playbook playbook, PlaybookFaults faults)
    {
        foreach (var step in playbook.Steps.Values.Where(s => s.Branches.Any()))
        {
            var after = Reach(playbook, step.Continuations);
            var branches = step.Branches.Distinct().Select(b => (Start: b, Reach: Reach(playbook, [b]))).ToList();
            var taken = new HashSet<string>();
            foreach (var (start, reach) in branches)
            {
                var inner = reach.Where(id => playbook.Steps[id].Type != StepTypes.End).ToList();
                foreach (var id in inner.Where(after.Contains)) faults.Add(PlaybookFaults.Shared, PathOf(id), $"is in the branch '{start}' of '{step.Id}' and follows it too: it would run twice; end the branch in an end step of its own");
                if (step.Type == StepTypes.Parallel) foreach (var id in inner.Where(id => !taken.Add(id))) faults.Add(PlaybookFaults.Shared, PathOf(id), $"is in two branches of '{step.Id}': it would run twice");
            }
            if (step.Type == StepTypes.Parallel && step.NextSteps.Distinct().Count() != step.NextSteps.Count) faults.Add(PlaybookFaults.Shared, PathOf(step.Id) + ".next_steps", "names a step twice");
        }
    }

    private static void Exits(PlaybookStep step, string path, PlaybookFaults faults)
    {
        if (step.OnCompletion is not null && (step.OnSuccess is not null || step.OnFailure is not null)) faults.Add(PlaybookFaults.Exits, path, "has on_completion beside on_success or on_failure; one or the other");
        if (step.Type == StepTypes.End && step.Continuations.Any()) faults.Add(PlaybookFaults.Exits, path, "an end step leads nowhere");
        if (step.Type == StepTypes.Start && (step.OnSuccess is not null || step.OnFailure is not null)) faults.Add(PlaybookFaults.Exits, path, "a start step has on_completion only");
        if (step.Type is StepTypes.Start or StepTypes.Action or StepTypes.PlaybookAction && step.OnCompletion is null && step.OnSuccess is null) faults.Add(PlaybookFaults.Exits, path, "has no way on: on_completion or on_success is wanted");
    }
}
