namespace Beacon.Web.Demo;

/// <summary>By which of the real receivers a line arrives.</summary>
internal enum DemoChannel
{
    /// <summary>RFC 3164 over TCP.</summary>
    Syslog,
    /// <summary>Windows events as winlog JSON, by the bulk API.</summary>
    Windows,
    /// <summary>Zeek's JSON logs, by NDJSON over HTTP.</summary>
    Zeek,
    /// <summary>A web server's access log, over syslog.</summary>
    Web,
}

/// <summary>One line of the story.</summary>
/// <param name="At">Seconds from the beginning.</param>
/// <param name="IsAttack">Part of the intrusion, not of the ordinary day around it.</param>
internal sealed record DemoStep(double At, DemoChannel Channel, Func<DateTimeOffset, string> Line, bool IsAttack);
