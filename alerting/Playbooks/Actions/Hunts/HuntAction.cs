using System.Globalization;
using Beacon.Detections.Sigma;
using Beacon.Events.QueryLanguage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Hunts;

/// <summary>sigma and elastic commands (CACAO 2.0, section 5) as a search of the stored events. A search that finds nothing succeeds, too.</summary>
internal sealed class HuntAction(IHunt hunt, IOptions<AlertingOptions> options, TimeProvider time) : IPlaybookAction
{
    private const string Sigma = "sigma";

    public IReadOnlyList<string> CommandTypes { get; } = [Sigma, "elastic"];
    public TimeSpan TimeLimit => options.Value.Hunts.TimeLimit;

    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults)
    {
        var fault = command.Type == Sigma ? SigmaFault(command.Text) : ElasticText.Fill(command.Text, _ => "x").Fault;
        if (fault is not null) faults.Add(PlaybookFaults.HuntCommand, path + ".command_b64", fault);
    }

    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => true;
    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => false;

    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command)
    {
        var span = options.Value.Hunts.LookBack;
        if (command.Type == Sigma) return [Text.Cut($"search the events of the last {span} by a Sigma rule: {command.Text}", 1_000)];
        var (query, fault) = ElasticText.Fill(command.Text, call.Variable);
        return [Text.Cut($"search the events of the last {span}: {query ?? $"{command.Text} ({fault})"}", 1_000)];
    }

    public async Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        var limit = call.Step.Timeout ?? TimeLimit;
        using var clock = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        try
        {
            HuntAnswer answer;
            if (command.Type == Sigma) answer = await hunt.SigmaAsync(command.Text, options.Value.Hunts.LookBack, both.Token).ConfigureAwait(false);
            else
            {
                var (query, fault) = ElasticText.Fill(command.Text, call.Variable);
                if (query is null) return ActionResult.Failure(fault!);
                answer = await hunt.QueryAsync(query, options.Value.Hunts.LookBack, both.Token).ConfigureAwait(false);
            }
            if (answer.Fault is not null) return ActionResult.Failure(answer.Fault);
            var count = answer.Count.ToString(CultureInfo.InvariantCulture);
            return new ActionResult(true, $"{command.Type}: {count} found" + (answer.Events.Count > 0 ? ", the newest " + answer.Events[0] : ""), new Dictionary<string, string> { ["__count__"] = count, ["__events__"] = string.Join(' ', answer.Events) });
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return ActionResult.Failure($"the search did not end within {limit.TotalSeconds:0.#} s");
        }
    }

    private static Phrase? SigmaFault(string rule)
    {
        if (VariableReference.In(rule).FirstOrDefault() is { } name) return $"{name} cannot stand in a Sigma rule, since a value could change what the rule is: write an elastic command";
        var read = SigmaReader.Read("command", rule);
        if (read.Faults.Count > 0) return $"not a Sigma rule that can be searched by: {read.Faults[0]}";
        return read.Rules.Count == 0 ? (Phrase)"there is no Sigma rule in it" : null;
    }
}
