using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed partial class FileNameConvention() : Convention("filename", FaultSeverity.Info, "Files are named in small letters, digits and '_', 10 to 90 of them, and end in .yml.")
{
    public override void CheckAll(IReadOnlyList<CheckedDocument> documents)
    {
        foreach (var document in documents.DistinctBy(static d => d.File))
        {
            var name = Path.GetFileName(document.File);
            if (!Form().IsMatch(name)) Report(document, YamlMark.Start, $"the file name '{YamlReader.Shorten(name)}' is not of the form", "write proc_creation_win_whoami.yml: small letters, digits and '_'");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9_]{10,90}\.yml\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
