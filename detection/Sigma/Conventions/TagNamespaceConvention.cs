using System.Collections.Frozen;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>The namespaces of the Sigma tags appendix.</summary>
internal sealed class TagNamespaceConvention() : Convention("tag-namespace", FaultSeverity.Warning, "Tags are namespace.name, of a namespace that the tags appendix names.")
{
    private static readonly FrozenSet<string> Known = new[] { "attack", "car", "cve", "d3fend", "detection", "stp", "tlp" }.ToFrozenSet(StringComparer.Ordinal);

    public override void Check(CheckedDocument document)
    {
        foreach (var tag in document.Texts("tags"))
        {
            var dot = tag.Text.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || dot == tag.Text.Length - 1) Report(document, tag.Mark, $"the tag '{YamlReader.Shorten(tag.Text)}' is not of the form namespace.name");
            else if (!Known.Contains(tag.Text[..dot]))
                Report(document, tag.Mark, $"the tag's namespace '{YamlReader.Shorten(tag.Text[..dot])}' is unknown", $"known are {string.Join(", ", Known.Order(StringComparer.Ordinal))}");
        }
    }
}
