using Beacon.Events;

namespace Beacon.Collectors.Parsers.Zeek;

/// <summary>ECS fields of Zeek's logs. Names on the left are Zeek's, as its documentation has them.</summary>
internal static class ZeekFields
{
    /// <summary>For every log.</summary>
    public static readonly IReadOnlyDictionary<string, FieldId> Common = Map(
        "uid>zeek.uid", "id.orig_p>source.port", "id.resp_p>destination.port", "proto>network.transport", "user_agent>user_agent.original", "community_id>network.community_id");

    /// <summary>For one log each, by its name.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldId>> ByLog = new Dictionary<string, IReadOnlyDictionary<string, FieldId>>(StringComparer.Ordinal)
    {
        ["conn"] = Map("service>network.protocol", "orig_bytes>source.bytes", "resp_bytes>destination.bytes", "orig_pkts>source.packets", "resp_pkts>destination.packets", "orig_l2_addr>source.mac", "resp_l2_addr>destination.mac"),
        ["dns"] = Map("query>dns.question.name", "qtype_name>dns.question.type", "qclass_name>dns.question.class", "rcode_name>dns.response_code", "answers>dns.answers.data", "trans_id>dns.id"),
        ["http"] = Map("method>http.request.method", "host>url.domain", "uri>url.original", "referrer>http.request.referrer", "status_code>http.response.status_code",
            "request_body_len>http.request.body.bytes", "response_body_len>http.response.body.bytes", "username>user.name", "version>http.version"),
        ["ssl"] = Map("version>tls.version", "cipher>tls.cipher", "server_name>tls.client.server_name", "subject>tls.server.subject", "issuer>tls.server.issuer", "established>tls.established"),
        ["files"] = Map("mime_type>file.mime_type", "filename>file.name", "md5>file.hash.md5", "sha1>file.hash.sha1", "sha256>file.hash.sha256", "total_bytes>file.size"),
        ["notice"] = Map("note>rule.name", "msg>message"),
        ["weird"] = Map("name>rule.name", "addl>message"),
        ["ftp"] = Map("user>user.name", "command>event.action"),
        ["smtp"] = Map("subject>email.subject", "user_agent>user_agent.original"),
        ["rdp"] = Map("cookie>user.name"),
        ["kerberos"] = Map("client>user.name", "service>service.name"),
        ["ntlm"] = Map("username>user.name", "domainname>user.domain", "hostname>source.domain"),
        ["smb_files"] = Map("path>file.directory", "name>file.name", "size>file.size", "action>event.action"),
        ["smb_mapping"] = Map("path>file.path", "service>service.name"),
        ["dhcp"] = Map("host_name>host.name", "mac>source.mac"),
        ["syslog"] = Map("message>message", "severity>log.level"),
        ["software"] = Map("name>service.name"),
    };

    /// <summary>What kind of thing a log tells: category and type of ECS.</summary>
    public static (string Category, string Type) KindOf(string log) => log switch
    {
        "notice" or "weird" or "signatures" or "intel" => ("intrusion_detection", "info"),
        "files" or "pe" or "smb_files" => ("file", "info"),
        "ssh" or "kerberos" or "ntlm" or "radius" or "rdp" => ("authentication", "info"),
        "http" => ("web", "access"),
        "conn" => ("network", "connection"),
        "software" or "known_services" or "known_hosts" or "known_certs" => ("host", "info"),
        _ => ("network", "protocol"),
    };

    private static Dictionary<string, FieldId> Map(params string[] rows) =>
        rows.ToDictionary(r => r[..r.IndexOf('>', StringComparison.Ordinal)], r => FieldNames.Intern(r[(r.IndexOf('>', StringComparison.Ordinal) + 1)..]), StringComparer.Ordinal);
}
