using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>A namespace of which only the form, or a short list, is known.</summary>
internal abstract class TagFormConvention(string name, string asks, Regex form, Phrase hint) : Convention("tag-" + name, FaultSeverity.Warning, asks)
{
    private readonly string _prefix = name + ".";

    public override void Check(CheckedDocument document)
    {
        foreach (var tag in document.Texts("tags"))
        {
            if (tag.Text.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase) && tag.Text.Length > _prefix.Length && !form.IsMatch(tag.Text.AsSpan(_prefix.Length)))
                Report(document, tag.Mark, $"'{YamlReader.Shorten(tag.Text)}' is no tag of the namespace {name}", hint);
        }
    }
}
