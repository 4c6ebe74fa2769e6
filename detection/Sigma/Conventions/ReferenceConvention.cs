using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed class ReferenceConvention() : Convention("reference-url", FaultSeverity.Warning, "References are addresses on the web.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var reference in document.Texts("references"))
        {
            var text = reference.Text.Trim();
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && !text.Contains(' ', StringComparison.Ordinal)) continue;
            if (text.Equals("Internal Research", StringComparison.OrdinalIgnoreCase)) continue;
            Report(document, reference.Mark, $"the reference '{YamlReader.Shorten(text)}' is no address", "write https://…, one a line; what is no address belongs into the description");
        }
    }
}
