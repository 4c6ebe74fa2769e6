using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <param name="Said">One line for the timeline; no secrets.</param>
/// <param name="Outputs">Values by variable name; those outside the step's out_args are dropped.</param>
internal sealed record ActionResult(bool Succeeded, string Said, IReadOnlyDictionary<string, string> Outputs)
{
    public static ActionResult Failure(Phrase said) => new(false, said.ToString(), new Dictionary<string, string>());
}
