using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed partial class TagCarConvention() : TagFormConvention("car", "Tags of the Cyber Analytics Repository are car.YYYY-MM-NNN.", Form(), "write car.2016-04-005")
{
    [GeneratedRegex(@"\A20\d\d-(?:0[1-9]|1[0-2])-\d{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
