using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed class AllSingleConvention() : Convention("all-single", FaultSeverity.Warning, "'all' stands over several values.")
{
    public override void Check(CheckedDocument document)
    {
        foreach (var item in document.Items)
            if (item.Values.Count == 1 && item.Modifiers.Contains("all")) Report(document, item.Key.Mark, $"'{YamlReader.Shorten(item.Key.Text)}' has one value, of which 'all' changes nothing", "leave 'all' out");
    }
}
