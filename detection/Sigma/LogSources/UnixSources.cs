using System.Collections.Frozen;
using System.Collections.Immutable;
using static Beacon.Detections.Sigma.LogSources.SourceTest;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>Linux and macOS: process, file and network events in ECS form, and the log lines of services.</summary>
internal static class UnixSources
{
    /// <summary>Categories that exist for several products.</summary>
    public static readonly FrozenSet<string> Categories = new[] { "process_creation", "file_event", "network_connection", "file_delete" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly SourceTest NotWindows = Absent("winlog.channel");

    private static readonly string[] Modules =
        ["sshd", "sudo", "su", "pam", "auth", "cron", "systemd", "syslog", "auditd", "linux", "system", "iptables", "nftables", "postfix", "vsftpd", "clamav"];

    private static readonly FrozenDictionary<string, string[]> Programs = new Dictionary<string, string[]>
    {
        ["sshd"] = ["sshd", "sshd-session", "sshd-auth"],
        ["sudo"] = ["sudo"],
        ["cron"] = ["cron", "crond", "anacron"],
        ["auth"] = ["sshd", "sshd-session", "sshd-auth", "sudo", "su", "login", "systemd-logind", "pam", "auth", "polkitd", "useradd", "usermod", "groupadd", "passwd"],
        ["vsftpd"] = ["vsftpd"],
        ["clamav"] = ["clamd", "clamav", "freshclam", "clamscan"],
        ["guacamole"] = ["guacd", "guacamole"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string[]> EcsFields = new Dictionary<string, string[]>
    {
        ["Image"] = ["process.executable"],
        ["CommandLine"] = ["process.command_line"],
        ["ParentImage"] = ["process.parent.executable"],
        ["ParentCommandLine"] = ["process.parent.command_line"],
        ["OriginalFileName"] = ["process.pe.original_file_name"],
        ["CurrentDirectory"] = ["process.working_directory"],
        ["ProcessId"] = ["process.pid"],
        ["ParentProcessId"] = ["process.parent.pid"],
        ["User"] = ["user.name"],
        ["USER"] = ["user.effective.name"],
        ["LogonId"] = ["session.id"],
        ["TargetFilename"] = ["file.path"],
        ["DestinationHostname"] = ["destination.domain"],
        ["DestinationIp"] = ["destination.ip"],
        ["DestinationPort"] = ["destination.port"],
        ["SourceIp"] = ["source.ip"],
        ["SourcePort"] = ["source.port"],
        ["md5"] = ["process.hash.md5"],
        ["sha1"] = ["process.hash.sha1"],
        ["sha256"] = ["process.hash.sha256"],
        ["Initiated"] = ["network.initiated"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static LogSourceBinding? Bind(SigmaLogSource source)
    {
        var system = Equal("host.os.type", source.Product);
        if (source.Category.Length > 0) return source.Service.Length > 0 ? null : BindCategory(source.Category, system);
        if (source.Product == "macos") return source.Service.Length > 0 ? null : LogSourceBinding.Of(Fields, [system, NotWindows]);
        return source.Service switch
        {
            "" => LogSourceBinding.Of(Fields, [system, NotWindows], [Equal("event.module", Modules), NotWindows], [Present("log.syslog.appname"), NotWindows]),
            "syslog" => LogSourceBinding.Of(Fields, [Present("log.syslog.appname"), NotWindows], [Equal("event.module", Modules), NotWindows]),
            "auditd" => LogSourceBinding.Of(AuditFields, [Equal("event.module", "auditd"), NotWindows]),
            var service when Programs.TryGetValue(service, out var programs) => LogSourceBinding.Of(Fields,
                [Equal("event.module", programs), NotWindows], [Equal("log.syslog.appname", programs), NotWindows], [Equal("process.name", programs), Absent("event.module"), NotWindows]),
            _ => null,
        };
    }

    private static LogSourceBinding? BindCategory(string category, SourceTest system) => category switch
    {
        "process_creation" => LogSourceBinding.Of(Fields,
            [Equal("event.category", "process"), Equal("event.type", "start", "creation"), system, NotWindows]),
        "file_event" => LogSourceBinding.Of(Fields, [Equal("event.category", "file"), Equal("event.type", "creation", "change"), system, NotWindows]),
        "file_delete" => LogSourceBinding.Of(Fields, [Equal("event.category", "file"), Equal("event.type", "deletion"), system, NotWindows]),
        "network_connection" => LogSourceBinding.Of(Fields, [Equal("event.category", "network"), system, NotWindows]),
        _ => null,
    };

    private static IReadOnlyList<string> Fields(string name)
    {
        if (EcsFields.TryGetValue(name, out var fields)) return fields;
        return LogSourceMap.IsEventField(name) ? [name] : [];
    }

    private static IReadOnlyList<string> AuditFields(string name) => name switch
    {
        "type" => ["auditd.log.record_type", "auditd.message_type"],
        "exe" => ["process.executable", "auditd.log.exe"],
        "comm" => ["process.name", "auditd.log.comm"],
        "name" => ["file.path", "auditd.log.name"],
        "SYSCALL" or "syscall" => ["auditd.log.SYSCALL", "auditd.log.syscall", "auditd.data.syscall"],
        _ => LogSourceMap.IsEventField(name) ? [name] : ["auditd.log." + name, "auditd.data." + name],
    };
}
