using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed partial class TagDetectionConvention() : TagFormConvention("detection", "Tags of the kind of detection are dfir, emerging-threats or threat-hunting.", Form(), "known are dfir, emerging-threats, threat-hunting")
{
    [GeneratedRegex(@"\A(?:dfir|emerging-threats|threat-hunting)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
