namespace Beacon.Detections.Sigma.Conventions;

internal sealed class TagsMissingConvention() : Convention("tags-missing", FaultSeverity.Warning, "The rule has tags.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Texts("tags").Count == 0) Report(document, document.Root.Mark, "the rule has no tags", "add tags: with the ATT&CK tactic and technique, such as attack.execution and attack.t1059");
    }
}
