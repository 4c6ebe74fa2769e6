using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed partial class TagCveConvention() : TagFormConvention("cve", "Tags of vulnerabilities are cve.YYYY-NNNN.", Form(), "write cve.2021-44228")
{
    [GeneratedRegex(@"\A(?:1999|20\d\d)-\d{4,7}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
