namespace Beacon.Detections.Sigma.Conventions;

internal sealed class LogicUniqueConvention() : Convention("logic-duplicate", FaultSeverity.Warning, "No two rules look for the same in the same log source.")
{
    public override void CheckAll(IReadOnlyList<CheckedDocument> documents)
    {
        var seen = new Dictionary<string, CheckedDocument>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            if (document.Rule is not { } rule) continue;
            var key = LogicKey.Of(rule);
            if (seen.TryAdd(key, document)) continue;
            var first = seen[key];
            Report(document, document.Root.Find("detection")!.Mark, $"the detection is that of '{first.Rule!.Title}' in {first.File}:{first.Rule.Line}", "keep one of the two, or say in the detection what sets them apart");
        }
    }
}
