using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>Summiting the Pyramid: robustness 1 to 5, and where the data comes from (application, user mode, kernel).</summary>
internal sealed partial class TagStpConvention() : TagFormConvention("stp", "Tags of Summiting the Pyramid are a level of 1 to 5, and a, u or k.", Form(), "write stp.3u")
{
    [GeneratedRegex(@"\A[1-5][auk]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
