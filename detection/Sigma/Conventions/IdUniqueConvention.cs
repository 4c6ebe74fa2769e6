namespace Beacon.Detections.Sigma.Conventions;

/// <summary>An error, since the second rule of an id is left out where rules are run.</summary>
internal sealed class IdUniqueConvention() : Convention("id-duplicate", FaultSeverity.Error, "No two rules have the same id.")
{
    public override void CheckAll(IReadOnlyList<CheckedDocument> documents)
    {
        var seen = new Dictionary<Guid, CheckedDocument>();
        foreach (var document in documents)
        {
            if (document.Text("id") is not { } id || !Guid.TryParseExact(id.Text.Trim(), "D", out var guid) || seen.TryAdd(guid, document)) continue;
            Report(document, id.Mark, $"the id {guid} is that of {seen[guid].File}:{seen[guid].Root.Mark.Line}; only one of the two is run", "give one of them an id of its own");
        }
    }
}
