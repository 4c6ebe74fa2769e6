using System.Collections.Frozen;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>The table of Windows events whose fields are known. Names of values are Microsoft's, of fields ECS's.</summary>
internal static class WindowsMappings
{
    private const string Start = "process.executable|process.name";

    private static readonly string[] SysmonProcess = ["ProcessGuid>process.entity_id", "ProcessId>#process.pid", "Image>/" + Start, "User>@user.name|user.domain"];
    private static readonly string[] Subject = ["SubjectUserName>user.name", "SubjectDomainName>user.domain", "SubjectUserSid>user.id", "SubjectLogonId>winlog.logon.id"];
    private static readonly string[] Logon =
    [
        "TargetUserName>user.name", "TargetDomainName>user.domain", "TargetUserSid>user.id", "IpAddress>!source.ip", "IpPort>#source.port", "WorkstationName>-source.domain",
        "LogonType>winlog.logon.type", "ProcessName>/" + Start, "TargetLogonId>winlog.logon.id", "SubjectUserName>user.effective.name",
    ];
    private static readonly string[] Account = [.. Subject, "TargetUserName>user.target.name", "TargetDomainName>user.target.domain", "TargetSid>user.target.id"];
    private static readonly string[] Group = [.. Subject, "TargetUserName>group.name", "TargetSid>group.id", "MemberName>-user.target.name", "MemberSid>user.target.id"];
    private static readonly string[] Kerberos = ["TargetUserName>user.name", "TargetDomainName>user.domain", "IpAddress>!source.ip", "IpPort>#source.port", "ServiceName>service.name"];
    private static readonly string[] FileEvent = [.. SysmonProcess, "TargetFilename>/file.path|file.name", "Hashes>=file.hash"];
    private static readonly string[] RegistryEvent = [.. SysmonProcess, "TargetObject>registry.path", "Details>registry.data.strings"];
    private static readonly string[] Connection =
    [
        "Application>/" + Start, "ProcessID>#process.pid", "ProcessId>#process.pid", "SourceAddress>!source.ip", "SourcePort>#source.port", "DestAddress>!destination.ip", "DestPort>#destination.port",
    ];
    private static readonly string[] ObjectAccess = [.. Subject, "ObjectName>/file.path|file.name", "ProcessName>/" + Start, "ProcessId>#process.pid"];

    public static FrozenDictionary<int, WindowsMapping> Sysmon { get; } = Table(
        (1, "process", "start", "process-created", "", [.. SysmonProcess, "CommandLine>process.command_line", "CurrentDirectory>process.working_directory",
            "ParentImage>/process.parent.executable|process.parent.name", "ParentCommandLine>process.parent.command_line", "ParentProcessId>#process.parent.pid",
            "ParentProcessGuid>process.parent.entity_id", "ParentUser>process.parent.user.name", "OriginalFileName>process.pe.original_file_name", "Company>process.pe.company",
            "Description>process.pe.description", "Product>process.pe.product", "FileVersion>process.pe.file_version", "Hashes>=process.hash", "LogonId>winlog.logon.id"]),
        (2, "file", "change", "file-time-changed", "", FileEvent),
        (3, "network", "connection", "network-connection", "", [.. SysmonProcess, "SourceIp>!source.ip", "SourcePort>#source.port", "SourceHostname>-source.domain",
            "DestinationIp>!destination.ip", "DestinationPort>#destination.port", "DestinationHostname>-destination.domain", "Protocol>_network.transport", "DestinationPortName>-network.protocol"]),
        (5, "process", "end", "process-ended", "", SysmonProcess),
        (6, "driver", "start", "driver-loaded", "", ["ImageLoaded>/file.path|file.name", "Hashes>=file.hash", "Signature>file.code_signature.subject_name"]),
        (7, "process", "change", "image-loaded", "", [.. SysmonProcess, "ImageLoaded>/dll.path|dll.name", "Hashes>=dll.hash", "Signature>dll.code_signature.subject_name", "SignatureStatus>dll.code_signature.status"]),
        (8, "process", "change", "remote-thread-created", "", ["SourceImage>/" + Start, "SourceProcessId>#process.pid", "SourceProcessGuid>process.entity_id", "SourceUser>@user.name|user.domain"]),
        (9, "file", "access", "raw-access-read", "", [.. SysmonProcess, "Device>file.path"]),
        (10, "process", "access", "process-accessed", "", ["SourceImage>/" + Start, "SourceProcessId>#process.pid", "SourceProcessGUID>process.entity_id", "SourceThreadId>#process.thread.id", "SourceUser>@user.name|user.domain"]),
        (11, "file", "creation", "file-created", "", FileEvent),
        (12, "registry", "change", "registry-object-changed", "", RegistryEvent),
        (13, "registry", "change", "registry-value-set", "", RegistryEvent),
        (14, "registry", "change", "registry-object-renamed", "", RegistryEvent),
        (15, "file", "access", "file-stream-created", "", FileEvent),
        (17, "file", "creation", "pipe-created", "", [.. SysmonProcess, "PipeName>file.name"]),
        (18, "file", "access", "pipe-connected", "", [.. SysmonProcess, "PipeName>file.name"]),
        (22, "network", "protocol,info", "dns-query", "", [.. SysmonProcess, "QueryName>dns.question.name"]),
        (23, "file", "deletion", "file-deleted", "", FileEvent),
        (24, "file", "change", "clipboard-changed", "", SysmonProcess),
        (25, "process", "change", "process-tampering", "", SysmonProcess),
        (26, "file", "deletion", "file-deleted", "", FileEvent),
        (27, "file", "creation", "executable-blocked", "", FileEvent),
        (28, "file", "deletion", "shredding-blocked", "", FileEvent),
        (29, "file", "creation", "executable-created", "", FileEvent));

    public static FrozenDictionary<int, WindowsMapping> Security { get; } = Table(
        (1102, "iam", "admin,change", "audit-log-cleared", "success", Subject),
        (4624, "authentication", "start", "logged-in", "success", Logon),
        (4625, "authentication", "start", "logon-failed", "failure", Logon),
        (4634, "authentication", "end", "logged-out", "success", ["TargetUserName>user.name", "TargetDomainName>user.domain", "TargetUserSid>user.id", "LogonType>winlog.logon.type", "TargetLogonId>winlog.logon.id"]),
        (4647, "authentication", "end", "logged-out", "success", ["TargetUserName>user.name", "TargetDomainName>user.domain", "TargetUserSid>user.id", "TargetLogonId>winlog.logon.id"]),
        (4648, "authentication", "start", "logged-in-explicit", "success", [.. Subject, "TargetUserName>user.effective.name", "IpAddress>!source.ip", "IpPort>#source.port", "ProcessName>/" + Start, "ProcessId>#process.pid"]),
        (4656, "file", "access", "object-handle-requested", "", ObjectAccess),
        (4663, "file", "access", "object-accessed", "success", ObjectAccess),
        (4672, "iam", "admin", "special-privileges-assigned", "success", Subject),
        (4688, "process", "start", "created-process", "success", [.. Subject, "NewProcessName>/" + Start, "NewProcessId>#process.pid", "CommandLine>process.command_line",
            "ParentProcessName>/process.parent.executable|process.parent.name", "ProcessId>#process.parent.pid", "TargetUserName>-user.effective.name"]),
        (4689, "process", "end", "exited-process", "success", [.. Subject, "ProcessName>/" + Start, "ProcessId>#process.pid"]),
        (4697, "iam,configuration", "admin,change", "service-installed", "success", [.. Subject, "ServiceName>service.name", "ServiceFileName>process.command_line"]),
        (4698, "iam,configuration", "creation,admin", "scheduled-task-created", "success", Subject),
        (4699, "iam,configuration", "deletion,admin", "scheduled-task-deleted", "success", Subject),
        (4700, "iam,configuration", "change,admin", "scheduled-task-enabled", "success", Subject),
        (4701, "iam,configuration", "change,admin", "scheduled-task-disabled", "success", Subject),
        (4702, "iam,configuration", "change,admin", "scheduled-task-updated", "success", Subject),
        (4719, "iam,configuration", "admin,change", "audit-policy-changed", "success", Subject),
        (4720, "iam", "user,creation", "added-user-account", "success", Account),
        (4722, "iam", "user,change", "enabled-user-account", "success", Account),
        (4723, "iam", "user,change", "changed-password", "", Account),
        (4724, "iam", "user,change", "reset-password", "", Account),
        (4725, "iam", "user,deletion", "disabled-user-account", "success", Account),
        (4726, "iam", "user,deletion", "deleted-user-account", "success", Account),
        (4728, "iam", "group,change", "added-member-to-group", "success", Group),
        (4729, "iam", "group,change", "removed-member-from-group", "success", Group),
        (4732, "iam", "group,change", "added-member-to-group", "success", Group),
        (4733, "iam", "group,change", "removed-member-from-group", "success", Group),
        (4738, "iam", "user,change", "modified-user-account", "success", Account),
        (4740, "iam", "user,change", "locked-out-user-account", "success", Account),
        (4756, "iam", "group,change", "added-member-to-group", "success", Group),
        (4757, "iam", "group,change", "removed-member-from-group", "success", Group),
        (4767, "iam", "user,change", "unlocked-user-account", "success", Account),
        (4768, "authentication", "start", "kerberos-authentication-ticket-requested", "", Kerberos),
        (4769, "authentication", "start", "kerberos-service-ticket-requested", "", Kerberos),
        (4771, "authentication", "start", "kerberos-preauth-failed", "failure", Kerberos),
        (4776, "authentication", "start", "credential-validated", "", ["TargetUserName>user.name", "Workstation>-source.domain"]),
        (4781, "iam", "user,change", "renamed-user-account", "success", [.. Subject, "NewTargetUserName>user.target.name"]),
        (5140, "file", "access", "network-share-accessed", "success", [.. Subject, "IpAddress>!source.ip", "IpPort>#source.port", "ShareName>file.path"]),
        (5145, "file", "access", "network-share-object-checked", "", [.. Subject, "IpAddress>!source.ip", "IpPort>#source.port", "RelativeTargetName>/file.path|file.name"]),
        (5156, "network", "connection,allowed", "connection-permitted", "success", Connection),
        (5157, "network", "connection,denied", "connection-blocked", "failure", Connection),
        (5158, "network", "connection,allowed", "bind-permitted", "success", Connection));

    public static FrozenDictionary<int, WindowsMapping> System { get; } = Table(
        (104, "configuration", "deletion", "log-cleared", "success", ["SubjectUserName>user.name", "SubjectDomainName>user.domain"]),
        (7036, "configuration", "change", "service-state-changed", "", ["param1>service.name"]),
        (7040, "configuration", "change", "service-start-type-changed", "", ["param1>service.name"]),
        (7045, "configuration", "creation", "service-installed", "success", ["ServiceName>service.name", "ImagePath>process.command_line", "AccountName>user.target.name"]));

    public static FrozenDictionary<int, WindowsMapping> PowerShell { get; } = Table(
        (4103, "process", "info", "module-logged", "", ["Path>/file.path|file.name"]),
        (4104, "process", "info", "script-block-logged", "", ["Path>/file.path|file.name"]));

    private static FrozenDictionary<int, WindowsMapping> Table(params (int Id, string Category, string Type, string Action, string Outcome, string[] Copies)[] rows) =>
        rows.ToFrozenDictionary(r => r.Id, r =>
        {
            var targets = Targets(r.Copies);
            var places = new byte[targets.Keys.Max() + 1];
            WindowsTarget[] list = [.. targets.Values];
            foreach (var (i, field) in targets.Keys.Index()) places[field] = (byte)(i + 1);
            return new WindowsMapping([.. r.Category.Split(',').Select(FieldText.Of)], [.. r.Type.Split(',').Select(FieldText.Of)], FieldText.Of(r.Action), FieldText.Of(r.Outcome), list, places);
        });

    /// <summary>"Value>field", with a sign before the field for how it is copied and "|" before a second one.</summary>
    private static Dictionary<int, WindowsTarget> Targets(string[] copies)
    {
        var targets = new Dictionary<int, WindowsTarget>();
        foreach (var copy in copies)
        {
            var (name, target) = (copy[..copy.IndexOf('>', StringComparison.Ordinal)], copy[(copy.IndexOf('>', StringComparison.Ordinal) + 1)..]);
            var kind = target[0] switch
            {
                '/' => WindowsCopy.Path, '#' => WindowsCopy.Number, '!' => WindowsCopy.Ip, '@' => WindowsCopy.Account, '=' => WindowsCopy.Hashes,
                '-' => WindowsCopy.UnlessDash, '_' => WindowsCopy.LowerCase, _ => WindowsCopy.AsIs,
            };
            var fields = (kind == WindowsCopy.AsIs ? target : target[1..]).Split('|');
            targets[FieldNames.Intern("winlog.event_data." + name).Value] =
                new WindowsTarget(FieldNames.Intern(fields[0]), kind, fields.Length > 1 ? FieldNames.Intern(fields[1]) : FieldId.None);
        }
        return targets;
    }
}
