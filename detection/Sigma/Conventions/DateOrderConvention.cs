namespace Beacon.Detections.Sigma.Conventions;

internal sealed class DateOrderConvention() : Convention("date-order", FaultSeverity.Warning, "The rule was not modified before it was written.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("date") is { } date && document.Text("modified") is { } modified
            && DateFormConvention.TryParse(date.Text, out var first) && DateFormConvention.TryParse(modified.Text, out var last) && last < first)
            Report(document, modified.Mark, $"modified {modified.Text} lies before date {date.Text}");
    }
}
