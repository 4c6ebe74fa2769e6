using System.Collections.Frozen;
using static Beacon.Detections.Sigma.LogSources.SourceTest;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>Web servers, proxies, DNS and firewalls of any make.</summary>
internal static class NetworkSources
{
    private static readonly SourceTest NotWindows = Absent("winlog.channel");

    private static readonly FrozenDictionary<string, string[]> WebFields = new Dictionary<string, string[]>
    {
        ["cs-method"] = ["http.request.method"],
        ["c-uri"] = ["url.original", "url.full"],
        ["cs-uri"] = ["url.original", "url.full"],
        ["r-uri"] = ["url.original", "url.full"],
        // Rules put the whole request into either: servers differ in what they log as which.
        ["cs-uri-query"] = ["url.query", "url.original", "url.full"],
        ["c-uri-query"] = ["url.query", "url.original", "url.full"],
        ["cs-uri-stem"] = ["url.path", "url.original"],
        ["c-uri-stem"] = ["url.path", "url.original"],
        ["c-uri-extension"] = ["url.extension", "file.extension"],
        ["cs-host"] = ["url.domain", "destination.domain"],
        ["r-dns"] = ["url.domain", "destination.domain"],
        ["sc-status"] = ["http.response.status_code"],
        ["cs-user-agent"] = ["user_agent.original"],
        ["c-useragent"] = ["user_agent.original"],
        ["cs-referer"] = ["http.request.referrer"],
        ["cs-referrer"] = ["http.request.referrer"],
        ["cs-username"] = ["user.name"],
        ["cs-cookie"] = ["http.request.headers.cookie"],
        ["cs-content-type"] = ["http.request.mime_type", "http.request.headers.content-type"],
        ["cs-version"] = ["http.version"],
        ["cs-bytes"] = ["http.request.bytes", "source.bytes"],
        ["sc-bytes"] = ["http.response.bytes", "http.response.body.bytes"],
        ["c-ip"] = ["source.ip"],
        ["src_ip"] = ["source.ip"],
        ["dst_ip"] = ["destination.ip"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string[]> FlowFields = new Dictionary<string, string[]>
    {
        ["query"] = ["dns.question.name"],
        ["record_type"] = ["dns.question.type"],
        ["answer"] = ["dns.answers.data", "dns.resolved_ip"],
        ["src_ip"] = ["source.ip"],
        ["src_port"] = ["source.port"],
        ["dst_ip"] = ["destination.ip"],
        ["dst_port"] = ["destination.port"],
        ["action"] = ["event.action"],
        ["blocked"] = ["event.type"],
        ["username"] = ["user.name"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static LogSourceBinding? Bind(SigmaLogSource source) => source switch
    {
        { Product: "", Category: "webserver", Service: "" } => Web([Equal("event.module", "apache", "nginx", "iis")], [EndsWith("event.dataset", ".access")]),
        { Product: "", Category: "proxy", Service: "" } or { Product: "squid", Category: "", Service: "" } =>
            Web([Equal("event.module", "squid"), NotWindows], [Equal("observer.type", "proxy"), NotWindows], [EndsWith("event.dataset", ".proxy"), NotWindows]),
        { Product: "", Category: "", Service: "apache" or "nginx" or "iis" } => Server(source.Service),
        { Product: "apache" or "nginx" or "iis", Category: "" or "webserver", Service: "" } => Server(source.Product),
        { Product: "", Category: "dns", Service: "" } => LogSourceBinding.Of(Flow, [Present("dns.question.name"), NotWindows]),
        { Product: "", Category: "firewall", Service: "" } =>
            LogSourceBinding.Of(Flow, [Equal("observer.type", "firewall"), NotWindows], [Equal("event.module", "iptables", "nftables", "cisco", "panw", "fortinet", "pfsense"), NotWindows]),
        _ => null,
    };

    private static LogSourceBinding Server(string module) => Web([Equal("event.module", module)], [EndsWith("event.dataset", module + ".access", module + ".error")]);

    private static LogSourceBinding Web(params System.Collections.Immutable.ImmutableArray<SourceTest>[] alternatives) => LogSourceBinding.Of(
        static name => WebFields.TryGetValue(name, out var fields) ? fields : LogSourceMap.IsEventField(name) ? [name] : [], alternatives);

    private static IReadOnlyList<string> Flow(string name) =>
        FlowFields.TryGetValue(name, out var fields) ? fields : LogSourceMap.IsEventField(name) ? [name] : [];
}
