namespace Beacon.Detections.Sigma.Conventions;

internal sealed class FalsePositivesMissingConvention() : Convention("falsepositives-missing", FaultSeverity.Info, "The rule names its harmless causes.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.IsRule && document.Texts("falsepositives").Count == 0)
            Report(document, document.Root.Mark, "the rule names no false positives", "add falsepositives: with the harmless causes, or Unknown");
    }
}
