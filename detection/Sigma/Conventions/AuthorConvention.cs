namespace Beacon.Detections.Sigma.Conventions;

internal sealed class AuthorConvention() : Convention("author-missing", FaultSeverity.Warning, "The rule names its author.")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("author") is null) Report(document, document.Root.Mark, "the rule names no author", "add author: and whom to ask about it");
    }
}
