using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Sources;

/// <summary>What a person may say that a source is, and what follows from it. Its words are IsX and IsXWhat.</summary>
/// <param name="Kind">The receiver's.</param>
/// <param name="Settings">To begin with.</param>
internal sealed record SourceChoice(string Id, string Kind, string Settings)
{
    private const string Listen = """{"address":"127.0.0.1","port":5515}""";

    public static readonly IReadOnlyList<SourceChoice> All =
    [
        new("firewall", "syslog-tcp", Listen), new("linux", "syslog-tcp", Listen), new("windows", "http", "{}"), new("zeek", "file", """{"paths":["/opt/zeek/logs/current/*.log"]}"""),
        new("web", "file", """{"paths":["/var/log/nginx/access.log"]}"""), new("file", "file", """{"paths":["/var/log/auth.log"]}"""), new("http", "http", "{}"), new("evtx", "evtx", """{"path":"/srv/evtx"}"""),
    ];

    /// <summary>The choice that a source of this kind is shown as: the plainest of it.</summary>
    public static SourceChoice Of(string kind) => All.FirstOrDefault(c => c.Id == kind) ?? All[0];

    /// <summary>What to type or write at the sender, with the place filled in.</summary>
    /// <param name="host">By which the sender reaches this machine.</param>
    /// <param name="door">Last part of an HTTP source's address, where it is another than its id.</param>
    public string Recipe(SourceDraft draft, string host, string? door = null) => (Id, draft.Kind) switch
    {
        ("linux", "syslog-udp") => $"# /etc/rsyslog.d/60-beacon.conf\n*.* @{host}:{draft.Port}",
        ("linux", _) => $"# /etc/rsyslog.d/60-beacon.conf\n*.* @@{host}:{draft.Port}",
        (_, "syslog-udp") => $"logger --server {host} --port {draft.Port} --udp \"hello\"",
        (_, "syslog-tcp") => $"logger --server {host} --port {draft.Port} --tcp \"hello\"",
        ("windows", _) => $"# winlogbeat.yml\noutput.elasticsearch:\n  hosts: [\"http://{host}\"]\n  path: /ingest/{door ?? draft.Id}\nsetup.template.enabled: false\nsetup.ilm.enabled: false",
        ("zeek", _) => "# local.zeek\n@load policy/tuning/json-logs",
        (_, "http") => $"curl -H \"Authorization: ApiKey …\" \\\n  --data-binary @events.ndjson http://{host}/ingest/{door ?? draft.Id}",
        _ => "",
    };
}
