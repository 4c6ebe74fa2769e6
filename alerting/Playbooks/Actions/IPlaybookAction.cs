namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>Does the commands of one type. Never throws for the target's sake: what goes wrong there is the result.</summary>
internal interface IPlaybookAction
{
    /// <summary>CACAO command type ("http-api").</summary>
    string CommandType { get; }

    /// <summary>True where a repetition under the same key does no harm, so that a crash in between may be mended without a person.</summary>
    bool IsRepeatable(PlaybookStep step);

    /// <summary>The commands as a person may read them: variables filled in, secrets masked.</summary>
    IReadOnlyList<string> Describe(ActionCall call);

    /// <summary>Runs every command of the step, in order; the first failure ends it.</summary>
    Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellation);
}

/// <param name="Variable">Value of a variable as the step sees it, or null.</param>
/// <param name="IdempotencyKey">The same for every repetition of one attempt.</param>
internal sealed record ActionCall(Playbook Playbook, PlaybookStep Step, Func<string, string?> Variable, string IdempotencyKey);

/// <param name="Said">One line for the timeline; no secrets.</param>
/// <param name="Outputs">Values by variable name.</param>
internal sealed record ActionResult(bool Succeeded, string Said, IReadOnlyDictionary<string, string> Outputs)
{
    public static ActionResult Failure(string said) => new(false, said, new Dictionary<string, string>());
}
