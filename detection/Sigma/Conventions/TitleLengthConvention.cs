namespace Beacon.Detections.Sigma.Conventions;

internal sealed class TitleLengthConvention() : Convention("title-length", FaultSeverity.Warning, "The title has 10 to 120 characters.")
{
    private const int Least = 10, Most = 120;

    public override void Check(CheckedDocument document)
    {
        // Above 256 the reader has said so.
        if (document.Text("title") is not { } title || title.Text.Trim().Length is (>= Least and <= Most) or > 256) return;
        Report(document, title.Mark, $"the title has {title.Text.Trim().Length} characters; {Least} to {Most} are asked", "say in a few words what was seen; the rest belongs into the description");
    }
}
