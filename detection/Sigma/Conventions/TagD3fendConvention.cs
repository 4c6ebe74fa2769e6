using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Conventions;

internal sealed partial class TagD3fendConvention() : TagFormConvention("d3fend", "Tags of D3FEND name a tactic, a technique (d3-…) or an artifact (d3f-…).", Form(), "write d3fend.d3-am, d3fend.d3f-windowsnttime or d3fend.harden")
{
    [GeneratedRegex(@"\A(?:d3-[a-z0-9]{1,12}|d3f-[a-z0-9-]{1,60}|model|harden|detect|isolate|deceive|evict|restore)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
