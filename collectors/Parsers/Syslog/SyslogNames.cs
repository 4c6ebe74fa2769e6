namespace Beacon.Collectors.Parsers.Syslog;

/// <summary>Names of facilities and severities (RFC 5424 section 6.2.1).</summary>
internal static class SyslogNames
{
    private static readonly string[] Facilities =
    [
        "kernel", "user-level", "mail", "system", "security/authorization", "syslogd", "line printer", "network news", "UUCP", "clock",
        "security/authorization", "FTP", "NTP", "log audit", "log alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private static readonly string[] Severities = ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"];

    public const int MaxPriority = 191;
    public static string Facility(int priority) => Facilities[priority >> 3];
    public static string Severity(int priority) => Severities[priority & 7];
}
