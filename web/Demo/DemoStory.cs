using System.Globalization;
using System.Text.Json;

namespace Beacon.Web.Demo;

/// <summary>
/// The story that the demonstration plays: a password is guessed on a water utility's bastion, credentials are read on a workstation,
/// PsExec reaches the historian and the engineering station, and a pressure limit is written to a controller, all inside an ordinary day.
/// </summary>
internal static class DemoStory
{
    public const string Attacker = "203.0.113.47";
    public const double Length = 118;

    /// <summary>All lines in order of time. The ordinary ones come from a seeded generator: two runs play the same.</summary>
    public static IReadOnlyList<DemoStep> Steps()
    {
        var steps = new List<DemoStep>();
        steps.AddRange(DemoOrdinaryDay.Steps(Length));
        steps.AddRange(Intrusion());
        return [.. steps.OrderBy(s => s.At)];
    }

    private static IEnumerable<DemoStep> Intrusion()
    {
        // Reconnaissance and guessing: 60 failures in 24 seconds, over user names that a scanner would try.
        string[] names = ["root", "admin", "svc-backup", "oracle", "test", "svc-backup", "ubuntu", "scada", "svc-backup", "operator"];
        for (var i = 0; i < 60; i++)
        {
            var (at, name, port) = (6 + i * 0.4, names[i % names.Length], 41_000 + i);
            var unknown = name is "svc-backup" or "root" ? "" : "invalid user ";
            yield return Attack(at, DemoChannel.Syslog, t => Syslog(t, "bas-01", "sshd[2" + (port % 1000).ToString("000", CultureInfo.InvariantCulture) + "]", $"Failed password for {unknown}{name} from {Attacker} port {port} ssh2", 38));
        }
        yield return Attack(33, DemoChannel.Syslog, t => Syslog(t, "bas-01", "sshd[2391]", $"Accepted password for svc-backup from {Attacker} port 41888 ssh2", 38));
        yield return Attack(33.2, DemoChannel.Syslog, t => Syslog(t, "bas-01", "sshd[2391]", "pam_unix(sshd:session): session opened for user svc-backup(uid=1007) by (uid=0)", 86));
        yield return Attack(38, DemoChannel.Syslog, t => Syslog(t, "bas-01", "sudo", "svc-backup : TTY=pts/3 ; PWD=/home/svc-backup ; USER=root ; COMMAND=/bin/bash", 85));
        yield return Attack(43, DemoChannel.Syslog, t => Syslog(t, "bas-01", "sudo", "svc-backup : TTY=pts/3 ; PWD=/home/svc-backup ; USER=root ; COMMAND=/usr/bin/nmap -sT -p 445,3389,502 10.20.4.0/24 10.30.0.0/16", 85));

        // On the administrator's workstation: who am I, then the credentials of those who signed in.
        yield return Attack(50, DemoChannel.Windows, t => Windows.Logon(t, "ADM-WS-02", "svc-backup", "10.20.0.5"));
        yield return Attack(53, DemoChannel.Windows, t => Windows.Process(t, "ADM-WS-02", @"C:\Windows\System32\whoami.exe", "whoami /all", @"C:\Windows\System32\cmd.exe", @"LAKESHORE\svc-backup"));
        yield return Attack(56, DemoChannel.Windows, t => Windows.Process(t, "ADM-WS-02", @"C:\Windows\System32\net.exe", "net group \"Domain Admins\" /domain", @"C:\Windows\System32\cmd.exe", @"LAKESHORE\svc-backup"));
        yield return Attack(61, DemoChannel.Windows, t => Windows.Access(t, "ADM-WS-02", @"C:\Users\Public\upd.exe", @"C:\Windows\System32\lsass.exe", "0x1410"));

        // PsExec to the historian and on to the engineering station.
        foreach (var (at, host) in new[] { (70.0, "HIST-01"), (80.0, "ENG-WS-03") })
        {
            yield return Attack(at, DemoChannel.Windows, t => Windows.Service(t, host, "PSEXESVC", @"%SystemRoot%\PSEXESVC.exe"));
            yield return Attack(at + 0.5, DemoChannel.Windows, t => Windows.Process(t, host, @"C:\Windows\PSEXESVC.exe", @"C:\Windows\PSEXESVC.exe", @"C:\Windows\System32\services.exe", @"NT AUTHORITY\SYSTEM"));
            yield return Attack(at + 1, DemoChannel.Windows, t => Windows.Process(t, host, @"C:\Windows\System32\cmd.exe", @"cmd.exe /c C:\Windows\Temp\run.bat", @"C:\Windows\PSEXESVC.exe", @"NT AUTHORITY\SYSTEM"));
            yield return Attack(at + 3, DemoChannel.Windows, t => Windows.Process(t, host, @"C:\Windows\System32\whoami.exe", "whoami /all", @"C:\Windows\System32\cmd.exe", @"NT AUTHORITY\SYSTEM"));
        }

        // The plant: the high limit of the discharge pressure, from 62 to 95 m.
        yield return Attack(92, DemoChannel.Windows, t => Windows.Process(t, "ENG-WS-03", @"C:\Windows\Temp\mbw.exe", "mbw.exe 10.30.3.11 -r 40021 -v 95", @"C:\Windows\System32\cmd.exe", @"NT AUTHORITY\SYSTEM"));
        foreach (var at in new[] { 93.0, 97.0, 103.0 })
            yield return Attack(at, DemoChannel.Zeek, t => ZeekLines.Modbus(t, "10.30.1.13", "10.30.3.11", "WRITE_SINGLE_REGISTER", 40_021, 95));
    }

    private static DemoStep Attack(double at, DemoChannel channel, Func<DateTimeOffset, string> line) => new(at, channel, line, IsAttack: true);

    /// <summary>RFC 3164: priority, local time, host, tag, text.</summary>
    internal static string Syslog(DateTimeOffset time, string host, string tag, string text, int priority) =>
        string.Create(CultureInfo.InvariantCulture, $"<{priority}>{time.UtcDateTime:MMM} {time.UtcDateTime.Day,2} {time.UtcDateTime:HH:mm:ss} {host} {tag}: {text}");

    /// <summary>Windows events in the shape that Winlogbeat ships.</summary>
    internal static class Windows
    {
        private const string Sysmon = "Microsoft-Windows-Sysmon/Operational";

        public static string Process(DateTimeOffset time, string host, string image, string command, string parent, string user) =>
            Event(time, host, Sysmon, "Microsoft-Windows-Sysmon", 1, new()
            {
                ["UtcTime"] = time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture), ["ProcessId"] = PidOf(host, image), ["ProcessGuid"] = GuidOf(host, image), ["Image"] = image, ["CommandLine"] = command,
                ["CurrentDirectory"] = @"C:\Windows\Temp\", ["User"] = user, ["IntegrityLevel"] = user.EndsWith("SYSTEM", StringComparison.Ordinal) ? "System" : "Medium",
                ["ParentProcessId"] = PidOf(host, parent), ["ParentProcessGuid"] = GuidOf(host, parent), ["ParentImage"] = parent, ["ParentCommandLine"] = Path.GetFileName(parent.Replace('\\', '/')), ["OriginalFileName"] = Path.GetFileName(image.Replace('\\', '/')),
            });

        // One process for each program on a host, so that those that it started are known as its children.
        private static string PidOf(string host, string image) => (1_000 + (host + image).Sum(c => c) * 4 % 8_000).ToString(CultureInfo.InvariantCulture);
        private static string GuidOf(string host, string image) => string.Create(CultureInfo.InvariantCulture, $"{{5770385f-c22a-43e0-bf4c-{(host + image).Sum(c => c):x12}}}");

        public static string Access(DateTimeOffset time, string host, string source, string target, string mask) =>
            Event(time, host, Sysmon, "Microsoft-Windows-Sysmon", 10, new() { ["SourceImage"] = source, ["TargetImage"] = target, ["GrantedAccess"] = mask, ["CallTrace"] = @"C:\Windows\SYSTEM32\ntdll.dll+9d234|C:\Windows\System32\KERNELBASE.dll+2bcbe|UNKNOWN(000001F5A2B1C4D2)", ["SourceUser"] = @"LAKESHORE\svc-backup", ["TargetUser"] = @"NT AUTHORITY\SYSTEM" });

        public static string Service(DateTimeOffset time, string host, string name, string path) =>
            // The account that asked for the service stands in the event's header, which shippers write as user.name.
            Event(time, host, "System", "Service Control Manager", 7045, new() { ["ServiceName"] = name, ["ImagePath"] = path, ["ServiceType"] = "user mode service", ["StartType"] = "demand start", ["AccountName"] = "LocalSystem" }, "svc-backup");

        public static string Logon(DateTimeOffset time, string host, string user, string address) =>
            Event(time, host, "Security", "Microsoft-Windows-Security-Auditing", 4624, new() { ["TargetUserName"] = user, ["TargetDomainName"] = "LAKESHORE", ["LogonType"] = "3", ["IpAddress"] = address, ["IpPort"] = "50122", ["WorkstationName"] = "BAS-01", ["AuthenticationPackageName"] = "NTLM", ["SubjectUserName"] = "-" });

        private static string Event(DateTimeOffset time, string host, string channel, string provider, int id, Dictionary<string, string> data, string? user = null)
        {
            var e = new Dictionary<string, object>
            {
                ["@timestamp"] = time.UtcDateTime,
                ["winlog"] = new Dictionary<string, object> { ["channel"] = channel, ["provider_name"] = provider, ["event_id"] = id, ["computer_name"] = host, ["event_data"] = data },
            };
            if (user is not null) e["user"] = new Dictionary<string, object> { ["name"] = user, ["domain"] = "LAKESHORE" };
            return JsonSerializer.Serialize(e);
        }
    }

    /// <summary>Zeek's logs as its JSON writer prints them.</summary>
    internal static class ZeekLines
    {
        public static string Modbus(DateTimeOffset time, string from, string to, string function, int address, int value) => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["_path"] = "modbus_detailed", ["ts"] = Seconds(time), ["uid"] = "CmES3x2Vw1Fj8gQpK4", ["id.orig_h"] = from, ["id.orig_p"] = 49_733, ["id.resp_h"] = to, ["id.resp_p"] = 502,
            ["unit"] = 1, ["func"] = function, ["request_response"] = "REQUEST", ["address"] = address, ["quantity"] = 1, ["request_values"] = value.ToString(CultureInfo.InvariantCulture),
        });

        public static string Connection(DateTimeOffset time, string uid, string from, int fromPort, string to, int toPort, string service, int sent, int received) => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["_path"] = "conn", ["ts"] = Seconds(time), ["uid"] = uid, ["id.orig_h"] = from, ["id.orig_p"] = fromPort, ["id.resp_h"] = to, ["id.resp_p"] = toPort, ["proto"] = "tcp", ["service"] = service,
            ["duration"] = 0.41, ["orig_bytes"] = sent, ["resp_bytes"] = received, ["conn_state"] = "SF",
        });

        public static string Dns(DateTimeOffset time, string uid, string from, string query) => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["_path"] = "dns", ["ts"] = Seconds(time), ["uid"] = uid, ["id.orig_h"] = from, ["id.orig_p"] = 53_211, ["id.resp_h"] = "10.20.0.2", ["id.resp_p"] = 53, ["proto"] = "udp", ["query"] = query, ["qtype_name"] = "A", ["rcode_name"] = "NOERROR",
        });

        private static double Seconds(DateTimeOffset time) => Math.Round((time - DateTimeOffset.UnixEpoch).TotalSeconds, 6);
    }
}
