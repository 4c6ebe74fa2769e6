using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>Runs the commands of a step one by one, each by the action of its type; the first failure ends the step.</summary>
internal sealed class StepRunner(PlaybookActions actions, TimeProvider time)
{
    public async Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellation)
    {
        var limit = actions.TimeLimit(call.Step);
        // An action that keeps the limit itself says more of what it waited for: it goes first.
        using var clock = new CancellationTokenSource(limit + TimeSpan.FromSeconds(1), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        var said = new List<string>();
        var outputs = new Dictionary<string, string>();
        string? Value(string name) => outputs.GetValueOrDefault(name) ?? call.Variable(name);
        for (var i = 0; i < call.Step.Commands.Count; i++)
        {
            var command = call.Step.Commands[i];
            if (actions.Find(command.Type) is not { } action) return Failed(actions.Refusal(command.Type) ?? (Phrase)"a person does this command");
            // One command keeps the key of its step, so that a target which saw the step's key before knows it again.
            var one = call with { Variable = Value, IdempotencyKey = call.Step.Commands.Count == 1 ? call.IdempotencyKey : string.Create(CultureInfo.InvariantCulture, $"{call.IdempotencyKey}-c{i}") };
            ActionResult result;
            try
            {
                result = await action.RunAsync(one, command, both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                return Failed($"did not end within {limit.TotalSeconds:0.#} s; whether its target did it is not known");
            }
            foreach (var (name, value) in result.Outputs.Where(o => call.Step.OutArgs.Contains(o.Key))) outputs[name] = one.Mask(value);
            said.Add(one.Mask(result.Said));
            if (!result.Succeeded) return new ActionResult(false, string.Join("; ", said), outputs);
        }
        return new ActionResult(true, string.Join("; ", said), outputs);

        ActionResult Failed(Phrase why) => new(false, string.Join("; ", said.Append(why.ToString())), outputs);
    }
}
