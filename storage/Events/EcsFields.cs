namespace Beacon.Events;

/// <summary>How a store keeps a column.</summary>
public enum ColumnType
{
    Text,
    /// <summary>64-bit signed.</summary>
    Integer,
    /// <summary>An IP address: text, and sortable 128 bits for ranges.</summary>
    Ip,
}

/// <summary>One typed column of the event table.</summary>
/// <param name="Name">The ECS field name.</param>
public sealed record EcsColumn(string Name, ColumnType Type);

/// <summary>
/// The one declaration of the fields that stores keep as typed columns; every other field goes to the store's flattened
/// <c>rest</c>. Names are those of the Elastic Common Schema 9, and <c>winlog.*</c> and <c>zeek.*</c> as Elastic's shippers write them.
/// </summary>
public static class EcsFields
{
    private static readonly (string Name, ColumnType Type)[] Declared =
    [
        ("event.kind", ColumnType.Text), ("event.category", ColumnType.Text), ("event.type", ColumnType.Text),
        ("event.action", ColumnType.Text), ("event.outcome", ColumnType.Text), ("event.code", ColumnType.Text),
        ("event.module", ColumnType.Text), ("event.dataset", ColumnType.Text), ("event.provider", ColumnType.Text),
        ("log.level", ColumnType.Text), ("message", ColumnType.Text),
        ("host.name", ColumnType.Text), ("host.ip", ColumnType.Ip), ("host.os.type", ColumnType.Text),
        ("observer.name", ColumnType.Text), ("observer.type", ColumnType.Text), ("organization.id", ColumnType.Text),
        ("source.ip", ColumnType.Ip), ("source.port", ColumnType.Integer), ("source.domain", ColumnType.Text), ("source.bytes", ColumnType.Integer),
        ("destination.ip", ColumnType.Ip), ("destination.port", ColumnType.Integer), ("destination.domain", ColumnType.Text), ("destination.bytes", ColumnType.Integer),
        ("network.transport", ColumnType.Text), ("network.protocol", ColumnType.Text),
        ("user.name", ColumnType.Text), ("user.domain", ColumnType.Text), ("user.id", ColumnType.Text), ("user.target.name", ColumnType.Text),
        ("process.name", ColumnType.Text), ("process.executable", ColumnType.Text), ("process.command_line", ColumnType.Text),
        ("process.pid", ColumnType.Integer), ("process.entity_id", ColumnType.Text),
        ("process.parent.name", ColumnType.Text), ("process.parent.executable", ColumnType.Text),
        ("process.parent.command_line", ColumnType.Text), ("process.parent.pid", ColumnType.Integer),
        ("file.path", ColumnType.Text), ("registry.path", ColumnType.Text),
        ("url.original", ColumnType.Text), ("http.request.method", ColumnType.Text), ("http.response.status_code", ColumnType.Integer),
        ("user_agent.original", ColumnType.Text), ("dns.question.name", ColumnType.Text),
        ("service.name", ColumnType.Text), ("winlog.channel", ColumnType.Text),
        ("winlog.event_id", ColumnType.Integer), ("winlog.provider_name", ColumnType.Text),
    ];

    // Declared so that parsers and rules find them by index; they have no column of their own.
    private static readonly string[] Others =
    [
        "event.severity", "event.original", "event.reason", "event.duration", "event.risk_score", "event.url",
        "host.hostname", "host.id", "host.mac", "host.os.family", "host.os.name", "log.file.path", "log.logger", "log.offset",
        "log.syslog.appname", "log.syslog.facility.code", "log.syslog.facility.name", "log.syslog.hostname", "log.syslog.msgid",
        "log.syslog.priority", "log.syslog.procid", "log.syslog.severity.code", "log.syslog.severity.name", "log.syslog.structured_data", "log.syslog.version",
        "observer.vendor", "observer.product", "observer.ip", "organization.name",
        "source.address", "source.mac", "source.packets", "source.user.name", "destination.address", "destination.mac", "destination.packets", "destination.user.name",
        "client.ip", "client.port", "server.ip", "server.port", "network.bytes", "network.packets", "network.community_id", "network.direction", "network.type", "network.application",
        "user.effective.name", "user.effective.id", "user.target.id", "user.target.domain", "user.email", "user.full_name", "group.name", "group.id",
        "process.args", "process.args_count", "process.hash.md5", "process.hash.sha1", "process.hash.sha256", "process.hash.imphash", "process.pe.original_file_name",
        "process.pe.company", "process.pe.description", "process.pe.product", "process.pe.file_version", "process.working_directory", "process.thread.id", "process.parent.entity_id", "process.parent.user.name", "process.title",
        "file.name", "file.directory", "file.extension", "file.size", "file.hash.md5", "file.hash.sha1", "file.hash.sha256", "file.mime_type", "file.code_signature.subject_name",
        "dll.path", "dll.name", "dll.hash.sha256", "dll.code_signature.status", "dll.code_signature.subject_name", "registry.hive", "registry.key", "registry.value", "registry.data.strings", "registry.data.type",
        "url.domain", "url.full", "url.path", "url.query", "url.scheme", "url.port", "http.request.body.bytes", "http.request.referrer", "http.response.body.bytes", "http.response.bytes", "http.version",
        "user_agent.name", "dns.question.type", "dns.question.class", "dns.answers.data", "dns.response_code", "dns.resolved_ip", "dns.id", "dns.header_flags", "dns.type",
        "tls.version", "tls.cipher", "tls.client.server_name", "tls.server.subject", "tls.server.issuer", "tls.established",
        "rule.id", "rule.name", "rule.category", "related.ip", "related.user", "related.hosts", "related.hash", "tags", "error.message", "error.type",
        "asset.id", "asset.name", "asset.criticality", "asset.zone", "asset.sector", "agent.name", "agent.type", "agent.version", "ecs.version", "session.id",
        "winlog.provider_guid", "winlog.record_id", "winlog.computer_name", "winlog.task", "winlog.opcode", "winlog.keywords", "winlog.level", "winlog.version",
        "winlog.user.identifier", "winlog.process.pid", "winlog.process.thread.id", "winlog.activity_id", "winlog.time_created", "winlog.logon.type", "winlog.logon.id",
        "zeek.uid", "zeek.log", "zeek.session_id",
    ];

    /// <summary>All declared names, columns first: the first entries of <see cref="FieldNames"/>, in this order.</summary>
    public static IEnumerable<string> DeclaredNames => Declared.Select(d => d.Name).Concat(Others);

    /// <summary>The typed columns, in the order in which stores keep them. A column's position equals its field's id.</summary>
    public static IReadOnlyList<EcsColumn> Columns { get; } = [.. Declared.Select(d => new EcsColumn(d.Name, d.Type))];

    /// <summary>The column of a field, or null where it lives in <c>rest</c>.</summary>
    public static EcsColumn? ColumnOf(string name) =>
        FieldNames.TryFind(name, out var id) && id.Value < Columns.Count ? Columns[id.Value] : null;
}
