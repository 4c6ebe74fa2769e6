namespace Beacon.Detections.Sigma.Conventions;

internal sealed class DescriptionMissingConvention() : Convention("description-missing", FaultSeverity.Warning, "The rule has a description.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("description") is null) Report(document, document.Root.Mark, "the rule has no description", "say what it detects, and why that matters: whoever gets the alert reads it");
    }
}
