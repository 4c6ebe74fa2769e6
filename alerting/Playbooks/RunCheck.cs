using Beacon.Alerting.Playbooks.Actions;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks;

/// <summary>What is valid CACAO and not run here, said before a run begins.</summary>
internal static class RunCheck
{
    public static void Step(Playbook playbook, PlaybookStep step, string path, PlaybookActions actions, IPlaybookSecrets secrets, PlaybookFaults faults)
    {
        for (var i = 0; i < step.Commands.Count; i++)
        {
            var command = step.Commands[i];
            var at = $"{path}.commands[{i}]";
            if (actions.Refusal(command.Type) is { } refused) faults.Add(PlaybookFaults.CommandNotRun, at + ".type", refused);
            else if ((command.Type == PlaybookActions.Manual) != (step.Commands[0].Type == PlaybookActions.Manual)) faults.Add(PlaybookFaults.MixedCommands, at + ".type", "manual and automatic commands need steps of their own");
            else if (actions.Find(command.Type) is { } action)
            {
                action.Check(playbook, step, command, at, faults);
                if (action.FillsIn(command.Type)) Bare(playbook, step, command, at, faults);
            }
        }
        if (step.IsManual) return;
        foreach (var target in step.Targets.Select(t => playbook.Agents.GetValueOrDefault(t)).OfType<AgentTarget>())
            foreach (var (kind, values) in target.Addresses)
                if (values.SelectMany(VariableReference.Bare).FirstOrDefault() is { } bare) faults.Add(PlaybookFaults.NotFilledIn, $"{target.Path}.address.{kind}", WithoutValue(bare));
        foreach (var id in step.Targets.Concat(step.Agent is null ? [] : [step.Agent]).Select(t => playbook.Agents.GetValueOrDefault(t)?.Authentication).OfType<string>().Distinct())
            if (playbook.Authentications.TryGetValue(id, out var authentication) && secrets.Refusal(authentication) is { } refused)
                faults.Add(PlaybookFaults.AuthenticationNotRun, PlaybookFaults.Path("$.authentication_info_definitions", id), refused);
    }

    /// <summary>
    /// "__name__" without ":value" is text, to the specification as to others who read it. Where the name is a variable's, or stands where only a host can, what
    /// would be called is not what its author meant: it is refused, not called.
    /// </summary>
    private static void Bare(Playbook playbook, PlaybookStep step, PlaybookCommand command, string at, PlaybookFaults faults)
    {
        void In(string text, string path)
        {
            foreach (var name in VariableReference.Bare(text))
                if (playbook.VariableOf(step, name) is not null || text.Contains("://" + name, StringComparison.Ordinal))
                    faults.Add(PlaybookFaults.NotFilledIn, path, WithoutValue(name));
        }
        In(command.Text, at + ".command");
        In(command.Content, at + ".content");
        foreach (var (name, values) in command.Headers) In(string.Join('\n', values), PlaybookFaults.Path(at + ".headers", name));
    }

    private static Phrase WithoutValue(string name) => $"{name} stands without ':value': nothing is filled in there, and it would be called as it is";
}
