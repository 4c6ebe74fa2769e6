using System.Globalization;
using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>Starts of processes with what they connect to, about 1.2 kB as ECS JSON, with the variety that a day of a network has.</summary>
internal sealed class SampleProcesses(int seed, DateTimeOffset begin, TimeSpan step) : SampleEvents(seed, begin, step)
{
    private static readonly string[] Programs = ["svchost.exe", "chrome.exe", "outlook.exe", "powershell.exe", "cmd.exe", "python3", "java", "nginx", "sshd", "systemd", "MsMpEng.exe", "taskhostw.exe", "rundll32.exe", "conhost.exe"];
    private static readonly string[] Actions = ["process-started", "connection-accepted", "logged-in", "file-opened", "connection-closed"];
    private static readonly FieldId[] HashFields = [FieldNames.Intern("process.hash.sha256"), FieldNames.Intern("process.parent.entity_id"), FieldNames.Intern("agent.version"), FieldNames.Intern("network.community_id")];

    /// <summary>Text that stands in one event of a million: what a search for a needle looks for.</summary>
    public const string Needle = "zq7-needle-4411";

    protected override void Fill(SecurityEvent e)
    {
        var host = Random.Next(400);
        var user = Random.Next(900);
        var pid = Random.Next(300, 60_000);
        var program = Programs[Random.Next(Programs.Length)];
        var parent = Programs[Random.Next(Programs.Length)];
        var source = string.Create(CultureInfo.InvariantCulture, $"10.{host / 200}.{host % 200}.{user % 250 + 1}");
        var command = string.Create(CultureInfo.InvariantCulture, $"\"C:\\Program Files\\Vendor{host % 40}\\{program}\" --session {pid} --profile user{user} --config C:\\ProgramData\\Vendor{host % 40}\\conf\\{Random.Next(5000)}.json");
        e.Add(Field.EventKind, "event"u8);
        e.Add(Field.EventCategory, "process"u8);
        e.Add(Field.EventType, "start"u8);
        e.Add(Field.EventAction, Actions[Random.Next(Actions.Length)]);
        e.Add(Field.EventOutcome, Random.Next(12) == 0 ? "failure"u8 : "success"u8);
        e.Add(Field.EventCode, "1"u8);
        e.Add(Field.EventModule, "sysmon"u8);
        e.Add(Field.EventDataset, "windows.sysmon_operational"u8);
        e.Add(Field.HostName, string.Create(CultureInfo.InvariantCulture, $"host-{host:000}.plant.example"));
        e.Add(Field.HostOsType, "windows"u8);
        e.Add(Field.SourceIp, source);
        e.Add(Field.SourcePort, pid + 1024L);
        e.Add(Field.DestinationIp, string.Create(CultureInfo.InvariantCulture, $"198.51.{Random.Next(100)}.{Random.Next(250)}"));
        e.Add(Field.DestinationPort, Random.Next(8) == 0 ? Random.Next(1, 65_000) : 443L);
        e.Add(Field.NetworkTransport, "tcp"u8);
        e.Add(Field.UserName, string.Create(CultureInfo.InvariantCulture, $"user{user}"));
        e.Add(Field.UserDomain, "PLANT"u8);
        e.Add(Field.ProcessName, program);
        e.Add(Field.ProcessExecutable, $@"C:\Program Files\Vendor{host % 40}\{program}");
        e.Add(Field.ProcessCommandLine, e.Sequence % 1_000_000 == 500_000 ? command + " " + Needle : command);
        e.Add(Field.ProcessPid, pid);
        e.Add(Field.ProcessEntityId, Hex(16));
        e.Add(Field.ProcessParentName, parent);
        e.Add(Field.ProcessParentExecutable, $@"C:\Windows\System32\{parent}");
        e.Add(Field.WinlogChannel, "Microsoft-Windows-Sysmon/Operational"u8);
        e.Add(Field.Message, string.Create(CultureInfo.InvariantCulture, $"Process Create: {program} ({pid}) started by PLANT\\user{user} on host-{host:000} through {parent}, session {Random.Next(9)}, integrity Medium, rule technique_id=T1059"));
        e.Add(HashFields[0], Hex(64));
        e.Add(HashFields[1], Hex(16));
        e.Add(HashFields[2], "9.2.1"u8);
        e.Add(HashFields[3], "1:" + Hex(28));
    }
}
