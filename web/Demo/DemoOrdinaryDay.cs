using System.Globalization;

namespace Beacon.Web.Demo;

/// <summary>What happens on any day at the utility: about forty lines a second from seven machines.</summary>
internal static class DemoOrdinaryDay
{
    private static readonly string[] Names = ["a.meyer", "c.lindt", "j.okafor", "m.tan"];
    private static readonly string[] Stations = ["10.30.3.11", "10.30.2.11", "10.30.4.11"];
    private static readonly string[] Sites = ["updates.example.com", "mail.lakeshore.example", "time.lakeshore.example", "intranet.lakeshore.example"];
    private static readonly string[] Pages = ["/", "/status", "/outages", "/tariffs", "/css/site.css", "/contact", "/api/levels?zone=east"];

    public static IEnumerable<DemoStep> Steps(double length)
    {
        var random = new Random(20_260_112);
        for (var at = 0.0; at < length; at += 0.025)
        {
            var n = random.Next(100);
            var (name, station, site, page, port) = (Names[random.Next(Names.Length)], Stations[random.Next(Stations.Length)], Sites[random.Next(Sites.Length)], Pages[random.Next(Pages.Length)], random.Next(40_000, 60_000));
            var uid = "C" + random.NextInt64(1L << 50).ToString("x", CultureInfo.InvariantCulture);
            var bytes = random.Next(200, 9_000);
            yield return n switch
            {
                < 5 => new(at, DemoChannel.Syslog, t => DemoStory.Syslog(t, "bas-01", "sshd[1" + (port % 1000).ToString("000", CultureInfo.InvariantCulture) + "]", $"Accepted publickey for {name} from 10.20.4.{30 + port % 20} port {port} ssh2: ED25519 SHA256:{uid}", 38), false),
                < 8 => new(at, DemoChannel.Syslog, t => DemoStory.Syslog(t, "bas-01", "sudo", $"{name} : TTY=pts/1 ; PWD=/home/{name} ; USER=root ; COMMAND=/usr/bin/systemctl status nginx", 85), false),
                < 14 => new(at, DemoChannel.Syslog, t => DemoStory.Syslog(t, "fw-dmz-02", "kernel", $"ACCEPT IN=eth1 OUT=eth0 SRC=10.20.4.{30 + port % 20} DST=198.51.100.{port % 200} PROTO=TCP SPT={port} DPT=443", 134), false),
                < 30 => new(at, DemoChannel.Web, t => DemoStory.Syslog(t, "web-01", "nginx", string.Create(CultureInfo.InvariantCulture, $"198.51.100.{port % 200} - - [{t.UtcDateTime:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET {page} HTTP/1.1\" 200 {bytes} \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0\""), 190), false),
                < 44 => new(at, DemoChannel.Windows, t => DemoStory.Windows.Process(t, port % 2 == 0 ? "ADM-WS-02" : "ENG-WS-03", @"C:\Program Files\Common\agent.exe", $"agent.exe --poll {port % 60}", @"C:\Windows\System32\services.exe", @"NT AUTHORITY\LOCAL SERVICE"), false),
                < 50 => new(at, DemoChannel.Windows, t => DemoStory.Windows.Logon(t, "HIST-01", name, $"10.20.4.{30 + port % 20}"), false),
                < 74 => new(at, DemoChannel.Zeek, t => DemoStory.ZeekLines.Modbus(t, "10.30.3.20", station, "READ_HOLDING_REGISTERS", 40_001 + port % 20, 0), false),
                < 88 => new(at, DemoChannel.Zeek, t => DemoStory.ZeekLines.Connection(t, uid, $"10.20.4.{30 + port % 20}", port, "198.51.100." + port % 200, 443, "ssl", bytes / 4, bytes), false),
                _ => new(at, DemoChannel.Zeek, t => DemoStory.ZeekLines.Dns(t, uid, $"10.20.4.{30 + port % 20}", site), false),
            };
        }
    }
}
