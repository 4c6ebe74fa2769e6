namespace Beacon.Detections.Sigma.Conventions;

/// <summary>A random UUID is never given twice; that of another version says when, where or from what it was made.</summary>
internal sealed class IdVersionConvention() : Convention("id-version", FaultSeverity.Info, "The id is a random UUID (version 4).")
{
    public override void Check(CheckedDocument document)
    {
        if (document.Text("id") is not { } id || !Guid.TryParseExact(id.Text.Trim(), "D", out var guid) || guid.Version == 4) return;
        Report(document, id.Mark, $"the id is a UUID of version {guid.Version}, not a random one", "give a new rule an id of version 4; leave that of an old rule, others refer to it");
    }
}
