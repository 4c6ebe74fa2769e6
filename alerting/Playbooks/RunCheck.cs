using Beacon.Alerting.Playbooks.Actions;

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
            else actions.Find(command.Type)?.Check(playbook, step, command, at, faults);
        }
        if (step.IsManual) return;
        foreach (var id in step.Targets.Concat(step.Agent is null ? [] : [step.Agent]).Select(t => playbook.Agents.GetValueOrDefault(t)?.Authentication).OfType<string>().Distinct())
            if (playbook.Authentications.TryGetValue(id, out var authentication) && secrets.Refusal(authentication) is { } refused)
                faults.Add(PlaybookFaults.AuthenticationNotRun, PlaybookFaults.Path("$.authentication_info_definitions", id), refused);
    }
}
