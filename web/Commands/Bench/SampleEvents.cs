using System.Globalization;
using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>Synthetic process and connection events of about 1.2 kB as ECS JSON, with the variety that a day of a network has.</summary>
internal sealed class SampleEvents(int seed, DateTimeOffset begin, TimeSpan step)
{
    private static readonly string[] Programs = ["svchost.exe", "chrome.exe", "outlook.exe", "powershell.exe", "cmd.exe", "python3", "java", "nginx", "sshd", "systemd", "MsMpEng.exe", "taskhostw.exe", "rundll32.exe", "conhost.exe"];
    private static readonly string[] Actions = ["process-started", "connection-accepted", "logged-in", "file-opened", "connection-closed"];
    private static readonly FieldId[] HashFields = [FieldNames.Intern("process.hash.sha256"), FieldNames.Intern("process.parent.entity_id"), FieldNames.Intern("agent.version"), FieldNames.Intern("network.community_id")];

    private readonly Random _random = new(seed);
    private long _sequence;

    /// <summary>Text that stands in one event of a million: what a search for a needle looks for.</summary>
    public const string Needle = "zq7-needle-4411";

    public long Sequence => _sequence;
    public DateTimeOffset Next => begin + (step * _sequence);

    /// <summary>Fills the events anew.</summary>
    public void Fill(IReadOnlyList<SecurityEvent> events)
    {
        foreach (var e in events)
        {
            e.Reset();
            Fill(e);
        }
    }

    private void Fill(SecurityEvent e)
    {
        var host = _random.Next(400);
        var user = _random.Next(900);
        var pid = _random.Next(300, 60_000);
        var program = Programs[_random.Next(Programs.Length)];
        var parent = Programs[_random.Next(Programs.Length)];
        var source = string.Create(CultureInfo.InvariantCulture, $"10.{host / 200}.{host % 200}.{user % 250 + 1}");
        e.Timestamp = e.Received = Next;
        e.Sequence = ++_sequence;
        e.Id = SecurityEventId.From(0xBEAC, e.Sequence);
        e.Source = "bench";
        var command = string.Create(CultureInfo.InvariantCulture, $"\"C:\\Program Files\\Vendor{host % 40}\\{program}\" --session {pid} --profile user{user} --config C:\\ProgramData\\Vendor{host % 40}\\conf\\{_random.Next(5000)}.json");
        e.Add(Field.EventKind, "event"u8);
        e.Add(Field.EventCategory, "process"u8);
        e.Add(Field.EventType, "start"u8);
        e.Add(Field.EventAction, Actions[_random.Next(Actions.Length)]);
        e.Add(Field.EventOutcome, _random.Next(12) == 0 ? "failure"u8 : "success"u8);
        e.Add(Field.EventCode, "1"u8);
        e.Add(Field.EventModule, "sysmon"u8);
        e.Add(Field.EventDataset, "windows.sysmon_operational"u8);
        e.Add(Field.HostName, string.Create(CultureInfo.InvariantCulture, $"host-{host:000}.plant.example"));
        e.Add(Field.HostOsType, "windows"u8);
        e.Add(Field.SourceIp, source);
        e.Add(Field.SourcePort, pid + 1024L);
        e.Add(Field.DestinationIp, string.Create(CultureInfo.InvariantCulture, $"198.51.{_random.Next(100)}.{_random.Next(250)}"));
        e.Add(Field.DestinationPort, _random.Next(8) == 0 ? _random.Next(1, 65_000) : 443L);
        e.Add(Field.NetworkTransport, "tcp"u8);
        e.Add(Field.UserName, string.Create(CultureInfo.InvariantCulture, $"user{user}"));
        e.Add(Field.UserDomain, "PLANT"u8);
        e.Add(Field.ProcessName, program);
        e.Add(Field.ProcessExecutable, $@"C:\Program Files\Vendor{host % 40}\{program}");
        e.Add(Field.ProcessCommandLine, _sequence % 1_000_000 == 500_000 ? command + " " + Needle : command);
        e.Add(Field.ProcessPid, pid);
        e.Add(Field.ProcessEntityId, Hex(16));
        e.Add(Field.ProcessParentName, parent);
        e.Add(Field.ProcessParentExecutable, $@"C:\Windows\System32\{parent}");
        e.Add(Field.WinlogChannel, "Microsoft-Windows-Sysmon/Operational"u8);
        e.Add(Field.Message, string.Create(CultureInfo.InvariantCulture, $"Process Create: {program} ({pid}) started by PLANT\\user{user} on host-{host:000} through {parent}, session {_random.Next(9)}, integrity Medium, rule technique_id=T1059"));
        e.Add(HashFields[0], Hex(64));
        e.Add(HashFields[1], Hex(16));
        e.Add(HashFields[2], "9.2.1"u8);
        e.Add(HashFields[3], "1:" + Hex(28));
    }

    private string Hex(int digits)
    {
        Span<char> text = stackalloc char[digits];
        for (var i = 0; i < digits; i++) text[i] = "0123456789abcdef"[_random.Next(16)];
        return new string(text);
    }
}
