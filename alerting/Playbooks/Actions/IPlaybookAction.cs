using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>Does the commands of one or a few types. Never throws for the target's sake: what goes wrong there is the result.</summary>
internal interface IPlaybookAction
{
    /// <summary>CACAO command types ("http-api"); each is done by one action only.</summary>
    IReadOnlyList<string> CommandTypes { get; }

    /// <summary>Why commands of one of these types are not run on this machine as it is set up; null where they are.</summary>
    Phrase? Refusal(string type) => null;

    /// <summary>False where a variable's name has a meaning of its own in commands of the type.</summary>
    bool FillsIn(string type) => true;

    /// <summary>Longest time for one command at one target where its step has no timeout; a step's lease is made of it.</summary>
    TimeSpan TimeLimit { get; }

    /// <summary>Refuses what the action cannot do, before a run starts: faults of CACAO-2xx with their paths.</summary>
    /// <param name="path">JSON path of the command.</param>
    void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults);

    /// <summary>True where a repetition does no harm. What changes its target is never repeated without a person, whatever this says.</summary>
    bool IsRepeatable(PlaybookStep step, PlaybookCommand command);

    /// <summary>False only for a pure read; everything else waits for approval.</summary>
    bool ChangesTarget(PlaybookStep step, PlaybookCommand command);

    /// <summary>What would be done, as a person may read it: a line a target, variables filled in, secrets masked. Calls nothing.</summary>
    IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command);

    /// <summary>Runs one command at every target of its step.</summary>
    Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation);
}
