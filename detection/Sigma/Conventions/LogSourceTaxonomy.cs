using System.Collections.Frozen;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>The log sources that Sigma's taxonomy appendix and its rule collection name.</summary>
internal static class LogSourceTaxonomy
{
    /// <summary>Categories that need no product.</summary>
    private static readonly FrozenSet<string> Generic = Words("antivirus database dns edr firewall proxy webserver application process_creation file_event network_connection");

    private static readonly FrozenDictionary<string, (FrozenSet<string> Categories, FrozenSet<string> Services)> Products = new Dictionary<string, (FrozenSet<string>, FrozenSet<string>)>
    {
        ["windows"] = (
            Words("""
                clipboard_capture create_remote_thread create_stream_hash dns_query driver_load file_access file_block_executable file_block_shredding file_change file_delete
                file_delete_detected file_event file_executable_detected file_rename image_load network_connection pipe_created process_access process_creation process_tampering
                process_termination ps_classic_provider_start ps_classic_script ps_classic_start ps_module ps_script raw_access_thread registry_add registry_delete registry_event
                registry_rename registry_set sysmon_error sysmon_status wmi_event
                """),
            Words("""
                application application-experience applocker appmodel-runtime appxdeployment-server appxpackaging-om bits-client capi2 certificateservicesclient-lifecycle-system
                codeintegrity-operational dhcp diagnosis-scripted dns-client dns-server dns-server-analytic dns-server-audit driver-framework firewall-as hyper-v-worker iis-configuration
                kernel-event-tracing kernel-shimengine ldap ldap_debug lsa-server microsoft-servicebus-client msexchange-management ntfs ntlm openssh powershell powershell-classic
                printservice-admin printservice-operational security security-mitigations sense servicebus-client shell-core smbclient-connectivity smbclient-security smbserver-connectivity
                sysmon system taskscheduler terminalservices-localsessionmanager vhdmp windefend winrm wmi
                """)),
        ["linux"] = (Words("file_event network_connection process_creation file_delete"), Words("auditd auth clamav cron guacamole modsecurity sshd sudo syslog vsftpd auditbeat")),
        ["macos"] = (Words("file_event network_connection process_creation"), Words("")),
        ["zeek"] = (Words(""), Words("conn dce_rpc dhcp dnp3 dns files ftp http kerberos modbus notice ntlm rdp smb_files smb_mapping smtp snmp ssh ssl syslog tunnel weird x509 pe software")),
        ["aws"] = (Words(""), Words("cloudtrail")),
        ["azure"] = (Words(""), Words("activitylogs auditlogs azureactivity pim riskdetection signinlogs microsoft365portal")),
        ["gcp"] = (Words(""), Words("gcp.audit google_workspace.admin google_workspace.login")),
        ["m365"] = (Words(""), Words("audit exchange threat_detection threat_management")),
        ["okta"] = (Words(""), Words("okta")),
        ["onelogin"] = (Words(""), Words("onelogin.events")),
        ["github"] = (Words(""), Words("audit")),
        ["bitbucket"] = (Words(""), Words("audit")),
        ["kubernetes"] = (Words("application"), Words("audit")),
        ["cisco"] = (Words(""), Words("aaa bgp duo ldp syslog")),
        ["huawei"] = (Words(""), Words("bgp")),
        ["juniper"] = (Words(""), Words("bgp")),
        ["fortigate"] = (Words(""), Words("event")),
        ["fortios"] = (Words(""), Words("sslvpnd")),
        ["paloalto"] = (Words("appliance file_event"), Words("globalprotect")),
        ["apache"] = (Words("webserver"), Words("apache")),
        ["nginx"] = (Words("webserver"), Words("nginx")),
        ["iis"] = (Words("webserver"), Words("iis")),
        ["squid"] = (Words("proxy"), Words("squid")),
        ["modsecurity"] = (Words(""), Words("modsecurity")),
        ["qualys"] = (Words(""), Words("")),
        ["rpc_firewall"] = (Words("application"), Words("")),
        ["opencanary"] = (Words("application"), Words("")),
        ["django"] = (Words("application"), Words("")),
        ["jvm"] = (Words("application"), Words("")),
        ["nodejs"] = (Words("application"), Words("")),
        ["python"] = (Words("application"), Words("")),
        ["ruby_on_rails"] = (Words("application"), Words("")),
        ["spring"] = (Words("application"), Words("")),
        ["sql"] = (Words("application"), Words("")),
        ["velocity"] = (Words("application"), Words("")),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Services that are written without a product.</summary>
    private static readonly FrozenSet<string> Alone = Words("apache nginx modsecurity");

    public static IReadOnlyList<string> ProductNames { get; } = [.. Products.Keys.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> CategoriesOf(string product) => [.. (Products.TryGetValue(product, out var known) ? known.Categories : Generic).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> ServicesOf(string product) => [.. (Products.TryGetValue(product, out var known) ? known.Services : Alone).Order(StringComparer.Ordinal)];

    /// <summary>What of the log source the taxonomy does not know, or null.</summary>
    public static Phrase? Fault(SigmaLogSource source)
    {
        if (source.Product.Length == 0)
        {
            if (source.Category.Length > 0 && !Generic.Contains(source.Category)) return $"the taxonomy has no category '{Shorten(source.Category)}' without a product";
            return source.Service.Length > 0 && source.Category.Length == 0 && !Alone.Contains(source.Service) ? (Phrase)$"the taxonomy has no service '{Shorten(source.Service)}' without a product" : null;
        }
        if (!Products.TryGetValue(source.Product, out var known)) return $"the taxonomy has no product '{Shorten(source.Product)}'";
        if (source.Category.Length > 0 && !known.Categories.Contains(source.Category)) return $"the taxonomy has no category '{Shorten(source.Category)}' of {source.Product}";
        if (source.Service.Length > 0 && !known.Services.Contains(source.Service)) return $"the taxonomy has no service '{Shorten(source.Service)}' of {source.Product}";
        return null;
    }

    private static string Shorten(string text) => YamlReader.Shorten(text);

    private static FrozenSet<string> Words(string text) => text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
