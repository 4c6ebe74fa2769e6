using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed partial class TagTlpConvention() : TagFormConvention("tlp", "Tags of the Traffic Light Protocol are those of TLP 2.0, or white.", Form(), "known are clear, green, amber, amber-strict, red; white was clear's name in TLP 1.0")
{
    [GeneratedRegex(@"\A(?:clear|white|green|amber|amber-strict|red)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
