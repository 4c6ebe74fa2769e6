using Beacon.Detections.Indicators;

namespace Beacon.Detections.Scheduled.IndicatorMatch;

/// <summary>The fields in which each kind of indicator is looked for.</summary>
internal static class IndicatorFields
{
    private static readonly (string Field, IndicatorKind Kind)[] All =
    [
        ("source.ip", IndicatorKind.Address), ("destination.ip", IndicatorKind.Address), ("dns.resolved_ip", IndicatorKind.Address),
        ("dns.question.name", IndicatorKind.Domain), ("url.domain", IndicatorKind.Domain), ("destination.domain", IndicatorKind.Domain), ("tls.client.server_name", IndicatorKind.Domain),
        ("url.full", IndicatorKind.Url), ("url.original", IndicatorKind.Url),
        ("file.hash.md5", IndicatorKind.Hash), ("file.hash.sha1", IndicatorKind.Hash), ("file.hash.sha256", IndicatorKind.Hash),
        ("process.hash.md5", IndicatorKind.Hash), ("process.hash.sha1", IndicatorKind.Hash), ("process.hash.sha256", IndicatorKind.Hash), ("dll.hash.sha256", IndicatorKind.Hash),
    ];

    public static IReadOnlyList<(string Field, IndicatorKind Kind)> Of(IReadOnlyList<IndicatorKind> kinds) => [.. All.Where(f => kinds.Contains(f.Kind))];
}
