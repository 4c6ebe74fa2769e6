using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'rule_failure': the rule cannot be run, with the message as the reason.</summary>
internal sealed class RuleFailure(string message) : ITransformation
{
    public string Message => message;

    public static RuleFailure? Read(Arguments arguments) => arguments.Text("message", required: true) is { } message ? new RuleFailure(message) : null;

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.Fail(Phrase.Plain(message));
}
