namespace Beacon.Detections.Sigma.Conventions;

internal sealed class DescriptionLengthConvention() : Convention("description-short", FaultSeverity.Warning, "The description says more than a word or two.")
{
    private const int Least = 16;

    public override void Check(CheckedDocument document)
    {
        if (document.Text("description") is { } text && text.Text.Trim().Length < Least)
            Report(document, text.Mark, $"the description has {text.Text.Trim().Length} characters", "say what it detects, and why that matters: whoever gets the alert reads it");
    }
}
