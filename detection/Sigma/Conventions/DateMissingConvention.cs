namespace Beacon.Detections.Sigma.Conventions;

internal sealed class DateMissingConvention() : Convention("date-missing", FaultSeverity.Warning, "The rule says when it was written.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("date") is null) Report(document, document.Root.Mark, "the rule has no date", "add date: YYYY-MM-DD");
    }
}
