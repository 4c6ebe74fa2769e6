using System.Collections.Frozen;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>Zeek: a service is a log, its fields stand under zeek.&lt;log&gt;, and as ECS fields where ECS has one.</summary>
internal static class ZeekSources
{
    private static readonly FrozenDictionary<string, string[]> EcsFields = new Dictionary<string, string[]>
    {
        ["id.orig_h"] = ["source.ip"],
        ["id.orig_p"] = ["source.port"],
        ["id.resp_h"] = ["destination.ip"],
        ["id.resp_p"] = ["destination.port"],
        ["uid"] = ["zeek.uid"],
        ["proto"] = ["network.transport"],
        ["http/user_agent"] = ["user_agent.original"],
        ["http/c-useragent"] = ["user_agent.original", "zeek.http.user_agent"],
        ["http/uri"] = ["url.original"],
        ["http/c-uri"] = ["url.original", "zeek.http.uri"],
        ["http/method"] = ["http.request.method"],
        ["http/status_code"] = ["http.response.status_code"],
        ["http/host"] = ["url.domain"],
        ["dns/query"] = ["dns.question.name"],
        ["dns/qtype_name"] = ["dns.question.type"],
        ["dns/answers"] = ["dns.answers.data"],
        ["ssl/server_name"] = ["tls.client.server_name"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static LogSourceBinding? Bind(SigmaLogSource source)
    {
        if (source.Category.Length > 0) return null;
        var log = source.Service;
        if (log.Length == 0) return LogSourceBinding.Of(name => Fields("", name), [SourceTest.Present("zeek.log")], [SourceTest.Equal("event.module", "zeek")]);
        return LogSourceBinding.Of(name => Fields(log, name), [SourceTest.Equal("event.dataset", "zeek." + log)], [SourceTest.Equal("zeek.log", log)]);
    }

    private static string[] Fields(string log, string name)
    {
        if (LogSourceMap.IsEventField(name)) return [name];
        if (log.Length == 0) return EcsFields.TryGetValue(name, out var common) ? common : [];
        List<string> fields = [$"zeek.{log}.{name}"];
        if (EcsFields.TryGetValue(name, out var ecs) || EcsFields.TryGetValue($"{log}/{name}", out ecs)) fields.AddRange(ecs);
        return [.. fields.Distinct(StringComparer.Ordinal)];
    }
}
