using Beacon.Detections.Rules;

namespace Beacon.Web.Console.Pages.Rules;

/// <summary>Rules by what one has: a machine room of Windows servers, controllers, a cloud.</summary>
public static class RulePack
{
    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<string> All { get; } = ["windows", "linux", "macos", "ot", "network", "directory", "web", "cloud", "own", "other"];

    /// <summary>The pack of a rule, by its log source; scheduled rules and correlations are Beacon's own.</summary>
    public static string Of(RuleView rule)
    {
        if (rule.IsUnfinished) return "other";
        if (rule.Kind != "sigma") return "own";
        var source = rule.LogSource.ToLowerInvariant();
        bool Has(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
                if (source.Contains(word, StringComparison.Ordinal)) return true;
            return false;
        }
        // Narrower kinds first: a product of the cloud is told before the category that it shares with machines.
        if (Has("aws", "azure", "gcp", "m365", "office", "kubernetes", "github", "bitbucket", "onelogin")) return "cloud";
        if (Has("okta", "ldap", "directory", "pam", "vault")) return "directory";
        if (Has("modbus", "dnp3", "s7", "iec104", "opc", "bacnet", "ot")) return "ot";
        if (Has("webserver", "proxy", "nginx", "apache", "django", "ruby", "python", "spring", "sql", "application", "jvm", "nodejs", "velocity")) return "web";
        if (Has("windows", "sysmon")) return "windows";
        if (Has("macos")) return "macos";
        if (Has("linux", "sshd", "sudo", "auditd", "unix")) return "linux";
        return Has("zeek", "firewall", "cisco", "dns", "huawei", "juniper", "fortinet", "paloalto", "netflow", "network", "qualys", "bgp", "ldp") ? "network" : "other";
    }
}
