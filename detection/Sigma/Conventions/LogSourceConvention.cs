namespace Beacon.Detections.Sigma.Conventions;

internal sealed class LogSourceConvention() : Convention("logsource-unknown", FaultSeverity.Warning, "The log source is one of Sigma's taxonomy.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Rule is not { } rule || LogSourceTaxonomy.Fault(rule.LogSource) is not { } fault) return;
        Report(document, document.Root.Find("logsource")!.Mark, fault, "rules of other log sources want a pipeline that binds them");
    }
}
