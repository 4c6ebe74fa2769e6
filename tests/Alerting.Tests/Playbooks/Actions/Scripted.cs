using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>An action that answers as its test says, and remembers what it was asked to do.</summary>
internal sealed class Scripted(params string[] types) : IPlaybookAction
{
    public List<(string Key, string Text)> Calls { get; } = [];
    public Func<ActionCall, PlaybookCommand, ActionResult> Result { get; set; } = (_, _) => new ActionResult(true, "done it", new Dictionary<string, string>());
    public bool Changes { get; set; } = true;
    public bool Repeatable { get; set; }

    public IReadOnlyList<string> CommandTypes => types;
    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);
    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) { }
    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => Repeatable;
    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => Changes;
    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command) => [command.Type + " " + VariableReference.Fill(command.Text, call.Variable)];

    public Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        lock (Calls) Calls.Add((call.IdempotencyKey, VariableReference.Fill(command.Text, call.Variable)));
        return Task.FromResult(Result(call, command));
    }
}
