using Beacon.Collectors.Parsers.Azure;
using Beacon.Collectors.Parsers.Bitbucket;
using Beacon.Collectors.Parsers.CloudTrail;
using Beacon.Collectors.Parsers.Gcp;
using Beacon.Collectors.Parsers.GitHub;
using Beacon.Collectors.Parsers.Json;
using Beacon.Collectors.Parsers.KeyValue;
using Beacon.Collectors.Parsers.Kubernetes;
using Beacon.Collectors.Parsers.Office365;
using Beacon.Collectors.Parsers.Okta;
using Beacon.Collectors.Parsers.OpenCanary;
using Beacon.Collectors.Parsers.Pam;
using Beacon.Collectors.Parsers.Sshd;
using Beacon.Collectors.Parsers.Sudo;
using Beacon.Collectors.Parsers.Syslog;
using Beacon.Collectors.Parsers.Web;
using Beacon.Collectors.Parsers.Windows;
using Beacon.Collectors.Parsers.Zeek;

namespace Beacon.Collectors.Parsers;

/// <summary>The only list of parsers.</summary>
internal static class ParserList
{
    public static ParserCatalog Create()
    {
        DeclareFields();
        var json = new EcsJsonParser();
        var winlog = new WinlogParser();
        var windowsJson = new FlatWindowsParser();
        var windowsXmlJson = new WindowsXmlJsonParser();
        var zeek = new ZeekParser();
        var apache = new WebAccessParser("apache");
        var nginx = new WebAccessParser("nginx");
        var nginxError = new NginxErrorParser();
        var keyValue = new KeyValueParser();
        // Records of services, each known by names of its own.
        IEventParser[] services = [new CloudTrailParser(), new AzureParser(), new EntraParser(), new GcpAuditParser(), new OktaParser(), new Office365Parser(), new GitHubAuditParser(), new KubernetesAuditParser(), new OpenCanaryParser(), new BitbucketAuditParser()];
        var syslog = new SyslogParser([new SshdMessage(), new SudoMessage(), new PamMessage()], [winlog, windowsJson, windowsXmlJson, zeek, .. services, json, apache, nginxError, keyValue]);
        return new ParserCatalog([zeek, winlog, windowsXmlJson, windowsJson, .. services, syslog, apache, nginx, new ApacheErrorParser(), nginxError, json, keyValue]);
    }

    /// <summary>
    /// Declares every field that a parser names before the first frame is read: a field declared while its frame is half read would
    /// stand in that event under its text only, and not be found by its number.
    /// </summary>
    private static void DeclareFields()
    {
        foreach (var type in typeof(ParserList).Assembly.GetTypes())
            if (type is { IsGenericType: false, IsEnum: false } && type.Namespace?.StartsWith("Beacon.Collectors.Parsers", StringComparison.Ordinal) == true)
                System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(type.TypeHandle);
    }
}
