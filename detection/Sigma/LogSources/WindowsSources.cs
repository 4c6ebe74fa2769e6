using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>Windows: a service is a channel whatever the provider, a category a channel with event ids.</summary>
internal static class WindowsSources
{
    private const string Sysmon = "Microsoft-Windows-Sysmon/Operational";

    private static readonly string[] PowerShell = ["Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"];

    private static readonly FrozenDictionary<string, string[]> Channels = new Dictionary<string, string[]>
    {
        ["application"] = ["Application"],
        ["security"] = ["Security"],
        ["system"] = ["System"],
        ["sysmon"] = [Sysmon],
        ["powershell"] = PowerShell,
        ["powershell-classic"] = ["Windows PowerShell"],
        ["application-experience"] = ["Microsoft-Windows-Application-Experience/Program-Telemetry", "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant"],
        ["applocker"] = ["Microsoft-Windows-AppLocker/MSI and Script", "Microsoft-Windows-AppLocker/EXE and DLL", "Microsoft-Windows-AppLocker/Packaged app-Deployment", "Microsoft-Windows-AppLocker/Packaged app-Execution"],
        ["appmodel-runtime"] = ["Microsoft-Windows-AppModel-Runtime/Admin"],
        ["appxdeployment-server"] = ["Microsoft-Windows-AppXDeploymentServer/Operational"],
        ["appxpackaging-om"] = ["Microsoft-Windows-AppxPackaging/Operational"],
        ["bits-client"] = ["Microsoft-Windows-Bits-Client/Operational"],
        ["capi2"] = ["Microsoft-Windows-CAPI2/Operational"],
        ["certificateservicesclient-lifecycle-system"] = ["Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"],
        ["codeintegrity-operational"] = ["Microsoft-Windows-CodeIntegrity/Operational"],
        ["dhcp"] = ["Microsoft-Windows-DHCP-Server/Operational"],
        ["diagnosis-scripted"] = ["Microsoft-Windows-Diagnosis-Scripted/Operational"],
        ["dns-client"] = ["Microsoft-Windows-DNS Client Events/Operational"],
        ["dns-server"] = ["DNS Server"],
        ["dns-server-analytic"] = ["Microsoft-Windows-DNS-Server/Analytical"],
        ["dns-server-audit"] = ["Microsoft-Windows-DNS-Server/Audit"],
        ["driver-framework"] = ["Microsoft-Windows-DriverFrameworks-UserMode/Operational"],
        ["firewall-as"] = ["Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"],
        ["hyper-v-worker"] = ["Microsoft-Windows-Hyper-V-Worker"],
        ["iis-configuration"] = ["Microsoft-IIS-Configuration/Operational"],
        ["kernel-event-tracing"] = ["Microsoft-Windows-Kernel-EventTracing"],
        ["kernel-shimengine"] = ["Microsoft-Windows-Kernel-ShimEngine/Operational", "Microsoft-Windows-Kernel-ShimEngine/Diagnostic"],
        ["ldap"] = ["Microsoft-Windows-LDAP-Client/Debug"],
        ["ldap_debug"] = ["Microsoft-Windows-LDAP-Client/Debug"],
        ["lsa-server"] = ["Microsoft-Windows-LSA/Operational"],
        ["microsoft-servicebus-client"] = ["Microsoft-ServiceBus-Client", "Microsoft-ServiceBus-Client/Admin", "Microsoft-ServiceBus-Client/Operational"],
        ["servicebus-client"] = ["Microsoft-ServiceBus-Client", "Microsoft-ServiceBus-Client/Admin", "Microsoft-ServiceBus-Client/Operational"],
        ["msexchange-management"] = ["MSExchange Management"],
        ["ntfs"] = ["Microsoft-Windows-Ntfs/Operational"],
        ["ntlm"] = ["Microsoft-Windows-NTLM/Operational"],
        ["openssh"] = ["OpenSSH/Operational"],
        ["printservice-admin"] = ["Microsoft-Windows-PrintService/Admin"],
        ["printservice-operational"] = ["Microsoft-Windows-PrintService/Operational"],
        ["security-mitigations"] = ["Microsoft-Windows-Security-Mitigations/Kernel Mode", "Microsoft-Windows-Security-Mitigations/User Mode"],
        ["sense"] = ["Microsoft-Windows-SENSE/Operational"],
        ["shell-core"] = ["Microsoft-Windows-Shell-Core/Operational"],
        ["smbclient-connectivity"] = ["Microsoft-Windows-SmbClient/Connectivity"],
        ["smbclient-security"] = ["Microsoft-Windows-SmbClient/Security"],
        ["smbserver-connectivity"] = ["Microsoft-Windows-SMBServer/Connectivity"],
        ["taskscheduler"] = ["Microsoft-Windows-TaskScheduler/Operational"],
        ["terminalservices-localsessionmanager"] = ["Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"],
        ["vhdmp"] = ["Microsoft-Windows-VHDMP/Operational"],
        ["windefend"] = ["Microsoft-Windows-Windows Defender/Operational"],
        ["winrm"] = ["Microsoft-Windows-WinRM/Operational"],
        ["wmi"] = ["Microsoft-Windows-WMI-Activity/Operational"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string[] Channels, string[] EventIds)> Categories = new Dictionary<string, (string[], string[])>
    {
        ["process_creation"] = ([Sysmon], ["1"]),
        ["file_change"] = ([Sysmon], ["2"]),
        ["network_connection"] = ([Sysmon], ["3"]),
        ["sysmon_status"] = ([Sysmon], ["4", "16"]),
        ["process_termination"] = ([Sysmon], ["5"]),
        ["driver_load"] = ([Sysmon], ["6"]),
        ["image_load"] = ([Sysmon], ["7"]),
        ["create_remote_thread"] = ([Sysmon], ["8"]),
        ["raw_access_thread"] = ([Sysmon], ["9"]),
        ["process_access"] = ([Sysmon], ["10"]),
        ["file_event"] = ([Sysmon], ["11"]),
        ["registry_add"] = ([Sysmon], ["12"]),
        ["registry_delete"] = ([Sysmon], ["12"]),
        ["registry_set"] = ([Sysmon], ["13"]),
        ["registry_rename"] = ([Sysmon], ["14"]),
        ["registry_event"] = ([Sysmon], ["12", "13", "14"]),
        ["create_stream_hash"] = ([Sysmon], ["15"]),
        ["pipe_created"] = ([Sysmon], ["17", "18"]),
        ["wmi_event"] = ([Sysmon], ["19", "20", "21"]),
        ["dns_query"] = ([Sysmon], ["22"]),
        ["file_delete"] = ([Sysmon], ["23"]),
        ["clipboard_capture"] = ([Sysmon], ["24"]),
        ["process_tampering"] = ([Sysmon], ["25"]),
        ["file_delete_detected"] = ([Sysmon], ["26"]),
        ["file_block_executable"] = ([Sysmon], ["27"]),
        ["file_block_shredding"] = ([Sysmon], ["28"]),
        ["file_executable_detected"] = ([Sysmon], ["29"]),
        ["sysmon_error"] = ([Sysmon], ["255"]),
        ["ps_module"] = (PowerShell, ["4103"]),
        ["ps_script"] = (PowerShell, ["4104"]),
        ["ps_classic_start"] = (["Windows PowerShell"], ["400"]),
        ["ps_classic_provider_start"] = (["Windows PowerShell"], ["600"]),
        ["ps_classic_script"] = (["Windows PowerShell"], ["800"]),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string[]> SystemFields = new Dictionary<string, string[]>
    {
        ["EventID"] = ["winlog.event_id"],
        ["Channel"] = ["winlog.channel"],
        ["Provider_Name"] = ["winlog.provider_name"],
        ["Provider_Guid"] = ["winlog.provider_guid"],
        ["Computer"] = ["winlog.computer_name"],
        ["ComputerName"] = ["winlog.computer_name", "winlog.event_data.ComputerName"],
        ["EventRecordID"] = ["winlog.record_id"],
        ["Keywords"] = ["winlog.keywords", "winlog.event_data.Keywords"],
        ["Level"] = ["winlog.level", "winlog.event_data.Level"],
        ["Opcode"] = ["winlog.opcode", "winlog.event_data.Opcode"],
        ["Task"] = ["winlog.task", "winlog.event_data.Task"],
        ["Version"] = ["winlog.version", "winlog.event_data.Version"],
        ["UserID"] = ["winlog.user.identifier", "winlog.event_data.UserID"],
        ["TimeCreated"] = [Matching.FieldReader.TimestampName],
        ["Message"] = ["message", "winlog.event_data.Message"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static LogSourceBinding? Bind(SigmaLogSource source)
    {
        var tests = ImmutableArray.CreateBuilder<SourceTest>();
        if (source.Service.Length > 0)
        {
            if (!Channels.TryGetValue(source.Service, out var channels)) return null;
            tests.Add(SourceTest.Equal("winlog.channel", channels));
        }
        if (source.Category.Length > 0)
        {
            switch (source.Category)
            {
                case "file_access" or "file_rename":
                    return LogSourceBinding.None($"the category {source.Category} comes from kernel tracing (ETW), which no receiver reads");
                case var category when Categories.TryGetValue(category, out var found):
                    if (source.Service.Length == 0) tests.Add(SourceTest.Equal("winlog.channel", found.Channels));
                    tests.Add(SourceTest.Equal("winlog.event_id", found.EventIds));
                    break;
                default:
                    return null;
            }
        }
        if (tests.Count == 0) tests.Add(SourceTest.Present("winlog.channel"));
        return LogSourceBinding.Of(Fields, tests.ToImmutable());
    }

    private static IReadOnlyList<string> Fields(string name)
    {
        if (SystemFields.TryGetValue(name, out var system)) return system;
        return LogSourceMap.IsEventField(name) ? [name] : ["winlog.event_data." + name];
    }
}
