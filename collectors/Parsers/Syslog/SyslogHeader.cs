using Beacon.Events;

namespace Beacon.Collectors.Parsers.Syslog;

/// <summary>What stands before a syslog message; empty where it is missing.</summary>
internal ref struct SyslogHeader
{
    public DateTimeOffset? Time;
    public ReadOnlySpan<byte> Host;
    public ReadOnlySpan<byte> Program;
    public ReadOnlySpan<byte> ProcessId;
    public ReadOnlySpan<byte> Message;
}

internal static class SyslogFields
{
    public static readonly FieldId Priority = FieldNames.Intern("log.syslog.priority");
    public static readonly FieldId FacilityCode = FieldNames.Intern("log.syslog.facility.code");
    public static readonly FieldId FacilityName = FieldNames.Intern("log.syslog.facility.name");
    public static readonly FieldId SeverityCode = FieldNames.Intern("log.syslog.severity.code");
    public static readonly FieldId SeverityName = FieldNames.Intern("log.syslog.severity.name");
    public static readonly FieldId Hostname = Field.LogSyslogHostname;
    public static readonly FieldId Appname = Field.LogSyslogAppname;
    public static readonly FieldId ProcId = FieldNames.Intern("log.syslog.procid");
    public static readonly FieldId MsgId = FieldNames.Intern("log.syslog.msgid");
    public static readonly FieldId Version = FieldNames.Intern("log.syslog.version");
}
