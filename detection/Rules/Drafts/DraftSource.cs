namespace Beacon.Detections.Rules.Drafts;

/// <summary>A log source that a draft may name: one that the built-in pipelines know.</summary>
/// <param name="Id">"windows/process_creation".</param>
/// <param name="Yaml">Lines of the rule's logsource, without their indent.</param>
public sealed record DraftSource(string Id, IReadOnlyList<string> Yaml)
{
    /// <summary>All of them, the widest of each kind first.</summary>
    public static IReadOnlyList<DraftSource> All { get; } =
    [
        new("linux", ["product: linux"]), new("windows", ["product: windows"]), new("windows/process_creation", ["product: windows", "category: process_creation"]), new("linux/process_creation", ["product: linux", "category: process_creation"]),
        new("zeek", ["product: zeek"]), new("webserver", ["category: webserver"]), new("firewall", ["category: firewall"]), new("proxy", ["category: proxy"]), new("dns", ["category: dns"]),
    ];

    public static DraftSource? Find(string id) => All.FirstOrDefault(s => s.Id == id);
}
