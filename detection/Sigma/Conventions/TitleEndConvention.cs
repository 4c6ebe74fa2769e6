namespace Beacon.Detections.Sigma.Conventions;

internal sealed class TitleEndConvention() : Convention("title-dot", FaultSeverity.Warning, "The title ends without a full stop.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("title") is { } title && title.Text.TrimEnd().EndsWith('.')) Report(document, title.Mark, "the title ends with a full stop", "leave it out");
    }
}
