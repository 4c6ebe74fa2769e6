using System.Collections.Frozen;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>First parts of names that events have: the field sets of ECS 9, and those under which formats keep their own fields.</summary>
internal static class EventRoots
{
    private static readonly string[] FieldSets =
    [
        "agent", "client", "cloud", "container", "data_stream", "destination", "device", "dll", "dns", "ecs", "email", "entity", "error", "event", "faas", "file", "gen_ai", "geo",
        "group", "hash", "host", "http", "labels", "log", "network", "observer", "orchestrator", "organization", "os", "package", "process", "registry", "related", "risk", "rule", "server",
        "service", "session", "source", "span", "threat", "tls", "trace", "transaction", "url", "user", "user_agent", "vlan", "volume", "vulnerability", "winlog", "asset",
    ];

    /// <summary>These, and the first parts of the names given.</summary>
    public static FrozenSet<string> With(IEnumerable<string> names) =>
        names.Where(static n => n.Contains('.', StringComparison.Ordinal)).Select(static n => n[..n.IndexOf('.', StringComparison.Ordinal)]).Concat(FieldSets).ToFrozenSet(StringComparer.Ordinal);
}
