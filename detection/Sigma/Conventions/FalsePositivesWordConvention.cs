using System.Collections.Frozen;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>"Unknown" and "Unlikely", so written, are answers; that there are none is a promise that no rule keeps.</summary>
internal sealed class FalsePositivesWordConvention() : Convention("falsepositives-word", FaultSeverity.Warning, "False positives are causes, or Unknown, or Unlikely.")
{
    private static readonly FrozenSet<string> Nothing = new[]
    {
        "none", "no", "nothing", "null", "n/a", "na", "nil", "tbd", "todo", "-", "?", "none known", "no known false positives", "no false positives", "none identified",
        "pentest", "pentesting", "penetration test", "penetration testing",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Misspelt = new[] { "unknow", "unkown", "unknwon", "unknonw", "unkonwn", "unknown", "unlikely", "likely", "unlikley", "uknown" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public override void Check(CheckedDocument document)
    {
        foreach (var cause in document.Texts("falsepositives"))
        {
            var text = cause.Text.Trim().TrimEnd('.').Trim();
            if (text.Length == 0 || Nothing.Contains(text))
                Report(document, cause.Mark, $"'{YamlReader.Shorten(cause.Text)}' is no harmless cause", "write Unknown where none is known, Unlikely where none is expected");
            else if (Misspelt.Contains(text) && text is not ("Unknown" or "Unlikely" or "Likely"))
                Report(document, cause.Mark, $"'{YamlReader.Shorten(cause.Text)}' is not how it is written", "write Unknown, Unlikely or Likely");
        }
    }
}
