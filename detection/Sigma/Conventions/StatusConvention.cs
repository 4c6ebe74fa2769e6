namespace Beacon.Detections.Sigma.Conventions;

/// <summary>An unknown status is the reader's to report.</summary>
internal sealed class StatusConvention() : Convention("status-missing", FaultSeverity.Warning, "The rule has a status.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("status") is null) Report(document, document.Root.Mark, "the rule has no status", "add status: experimental, and test or stable once it has proved itself");
    }
}
