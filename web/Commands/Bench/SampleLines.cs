using System.Globalization;
using System.Text.Json;
using Beacon.Web.Demo;

namespace Beacon.Web.Commands.Bench;

/// <summary>Lines of our own in the formats that Beacon reads, from a seeded generator: two runs make the same.</summary>
internal sealed class SampleLines(int seed)
{
    private static readonly string[] Users = ["a.meyer", "c.lindt", "j.okafor", "m.tan", "r.silva", "k.nowak", "d.haddad", "s.ito"];
    private static readonly string[] Hosts = ["bas-01", "web-01", "web-02", "fw-dmz-02", "db-01", "hist-01", "mail-01", "vpn-01"];
    private static readonly string[] Pages = ["/", "/status", "/outages", "/tariffs", "/css/site.css", "/contact", "/api/levels?zone=east", "/api/readings?meter=48213&from=2026-01-01"];
    private static readonly string[] Agents = ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "meter-gateway/2.4"];
    private static readonly string[] Programs = [@"C:\Program Files\Common\agent.exe", @"C:\Windows\System32\svchost.exe", @"C:\Program Files\Office\outlook.exe", @"C:\Windows\System32\taskhostw.exe", @"C:\Windows\System32\conhost.exe"];

    private readonly Random _random = new(seed);

    /// <summary>Every format by its name, with the share of it in the mix, in percent.</summary>
    public static IReadOnlyList<(string Name, int Share)> Formats { get; } =
    [
        ("sshd", 14), ("sudo", 6), ("pam", 4), ("firewall", 18), ("nginx", 20), ("syslog-5424", 4), ("winlog", 14), ("windows-json", 6), ("zeek", 10), ("ecs-json", 4),
    ];

    /// <summary>What a syslog sender of a network's servers and firewalls sends, without a rule that matches.</summary>
    public string Syslog(DateTimeOffset t) => Line(_random.Next(100) switch { < 20 => "sshd", < 30 => "sudo", < 38 => "pam", < 66 => "firewall", < 96 => "nginx-syslog", _ => "syslog-5424" }, t);

    /// <summary>A line of the mix of all formats.</summary>
    public string Mixed(DateTimeOffset t)
    {
        var n = _random.Next(100);
        foreach (var (name, share) in Formats) if ((n -= share) < 0) return Line(name, t);
        return Line(Formats[0].Name, t);
    }

    public string Line(string format, DateTimeOffset t)
    {
        var (user, host, port, pid) = (Pick(Users), Pick(Hosts), _random.Next(1024, 65_000), _random.Next(300, 32_000));
        var inside = string.Create(CultureInfo.InvariantCulture, $"10.20.{_random.Next(1, 9)}.{_random.Next(1, 255)}");
        var outside = string.Create(CultureInfo.InvariantCulture, $"198.51.100.{_random.Next(1, 255)}");
        return format switch
        {
            "sshd" => DemoStory.Syslog(t, host, Tag("sshd", pid), _random.Next(4) switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"Failed password for {user} from {inside} port {port} ssh2"),
                1 => string.Create(CultureInfo.InvariantCulture, $"Received disconnect from {inside} port {port}:11: disconnected by user"),
                _ => string.Create(CultureInfo.InvariantCulture, $"Accepted publickey for {user} from {inside} port {port} ssh2: ED25519 SHA256:{_random.NextInt64():x16}{_random.NextInt64():x16}"),
            }, 38),
            "sudo" => DemoStory.Syslog(t, host, "sudo", $"{user} : TTY=pts/{pid % 9} ; PWD=/home/{user} ; USER=root ; COMMAND=/usr/bin/systemctl status nginx", 85),
            "pam" => DemoStory.Syslog(t, host, Tag("sshd", pid), $"pam_unix(sshd:session): session opened for user {user}(uid={pid}) by (uid=0)", 86),
            "firewall" => DemoStory.Syslog(t, "fw-dmz-02", "kernel", string.Create(CultureInfo.InvariantCulture, $"IN=eth1 OUT=eth0 MAC=00:16:3e:5e:6c:00:00:16:3e:11:22:33:08:00 SRC={inside} DST={outside} LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID={pid} DF PROTO=TCP SPT={port} DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0"), 134),
            "nginx" => Access(t, outside),
            "nginx-syslog" => DemoStory.Syslog(t, "web-01", "nginx", Access(t, outside), 190),
            "syslog-5424" => string.Create(CultureInfo.InvariantCulture, $"<30>1 {t.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z {host} systemd 1 - [meta sequenceId=\"{port}\"] Started session {pid} of user {user}."),
            "winlog" => DemoStory.Windows.Process(t, port % 2 == 0 ? "ADM-WS-02" : "ENG-WS-03", Pick(Programs), $"\"{Pick(Programs)}\" --poll {port} --session {pid}", @"C:\Windows\System32\services.exe", @"NT AUTHORITY\LOCAL SERVICE"),
            "windows-json" => FlatLogon(t, user, inside, port),
            "zeek" => DemoStory.ZeekLines.Connection(t, "C" + _random.NextInt64(1L << 50).ToString("x", CultureInfo.InvariantCulture), inside, port, outside, 443, "ssl", pid, pid * 3),
            "ecs-json" => Ecs(t, user, host, inside, port),
            _ => throw new ArgumentException($"no such format: {format}", nameof(format)),
        };
    }

    private string Access(DateTimeOffset t, string address) => string.Create(CultureInfo.InvariantCulture,
        $"{address} - - [{t.UtcDateTime:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET {Pick(Pages)} HTTP/1.1\" 200 {_random.Next(200, 90_000)} \"-\" \"{Pick(Agents)}\"");

    private static string FlatLogon(DateTimeOffset t, string user, string address, int port) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["EventTime"] = t.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), ["Hostname"] = "HIST-01", ["Channel"] = "Security", ["Provider_Name"] = "Microsoft-Windows-Security-Auditing",
        ["EventID"] = 4624, ["EventRecordID"] = port, ["Computer"] = "HIST-01.lakeshore.example", ["SubjectUserSid"] = "S-1-5-18", ["SubjectUserName"] = "HIST-01$", ["SubjectDomainName"] = "LAKESHORE",
        ["TargetUserName"] = user, ["TargetDomainName"] = "LAKESHORE", ["LogonType"] = 3, ["LogonProcessName"] = "Kerberos", ["AuthenticationPackageName"] = "Kerberos", ["IpAddress"] = address, ["IpPort"] = port,
    });

    private static string Ecs(DateTimeOffset t, string user, string host, string address, int port) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["@timestamp"] = t.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), ["message"] = $"{user} opened reading {port} of the eastern zone", ["event"] = new Dictionary<string, object> { ["kind"] = "event", ["category"] = "web", ["action"] = "reading-opened", ["outcome"] = "success" },
        ["host"] = new Dictionary<string, object> { ["name"] = host, ["os"] = new Dictionary<string, object> { ["type"] = "linux" } }, ["user"] = new Dictionary<string, object> { ["name"] = user }, ["source"] = new Dictionary<string, object> { ["ip"] = address, ["port"] = port },
    });

    private static string Tag(string program, int pid) => string.Create(CultureInfo.InvariantCulture, $"{program}[{pid}]");

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}
