using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed class TagDuplicateConvention() : Convention("tag-duplicate", FaultSeverity.Warning, "No tag stands twice.")
{
    public override void Check(CheckedDocument document)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in document.Texts("tags"))
            if (!seen.Add(tag.Text)) Report(document, tag.Mark, $"the tag '{YamlReader.Shorten(tag.Text)}' stands twice");
    }
}
