namespace Beacon.Detections.Sigma.Conventions;

internal sealed class TitleUniqueConvention() : Convention("title-duplicate", FaultSeverity.Warning, "No two rules have the same title.")
{
    public override void CheckAll(IReadOnlyList<CheckedDocument> documents)
    {
        var seen = new Dictionary<string, CheckedDocument>(StringComparer.OrdinalIgnoreCase);
        foreach (var document in documents)
        {
            if (document.Text("title") is { } title && !seen.TryAdd(title.Text.Trim(), document))
                Report(document, title.Mark, $"the title is that of {seen[title.Text.Trim()].File}:{seen[title.Text.Trim()].Root.Mark.Line}", "say what sets the rule apart: the log source, the program, the way");
        }
    }
}
