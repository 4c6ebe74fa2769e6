using System.Globalization;
using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>What a firewall lets through or stops, about 0.7 kB as ECS JSON: most of what a network's sources send.</summary>
internal sealed class SampleFlows(int seed, DateTimeOffset begin, TimeSpan step) : SampleEvents(seed, begin, step)
{
    private static readonly (int Port, string Protocol)[] Services = [(443, "tls"), (53, "dns"), (80, "http"), (22, "ssh"), (445, "smb"), (3389, "rdp"), (502, "modbus")];

    private static readonly FieldId DestinationBytes = FieldNames.Intern("destination.bytes"), Direction = FieldNames.Intern("network.direction"), Community = FieldNames.Intern("network.community_id"), Vendor = FieldNames.Intern("observer.vendor");

    protected override void Fill(SecurityEvent e)
    {
        var (port, protocol) = Services[Random.Next(10) < 6 ? 0 : Random.Next(Services.Length)];
        var allowed = Random.Next(9) > 0;
        var source = string.Create(CultureInfo.InvariantCulture, $"10.{Random.Next(2)}.{Random.Next(200)}.{Random.Next(1, 250)}");
        var target = string.Create(CultureInfo.InvariantCulture, $"198.51.{Random.Next(100)}.{Random.Next(250)}");
        var rule = Random.Next(60);
        var from = Random.Next(1024, 65_000);
        e.Add(Field.EventKind, "event"u8);
        e.Add(Field.EventCategory, "network"u8);
        e.Add(Field.EventType, allowed ? "allowed"u8 : "denied"u8);
        e.Add(Field.EventAction, allowed ? "flow-accepted"u8 : "flow-dropped"u8);
        e.Add(Field.EventModule, "firewall"u8);
        e.Add(Field.EventDataset, "firewall.flow"u8);
        e.Add(Field.ObserverName, string.Create(CultureInfo.InvariantCulture, $"fw-{Random.Next(12):00}.plant.example"));
        e.Add(Field.SourceIp, source);
        e.Add(Field.SourcePort, (long)from);
        e.Add(Field.DestinationIp, target);
        e.Add(Field.DestinationPort, (long)port);
        e.Add(Field.SourceBytes, (long)Random.Next(60, 200_000));
        e.Add(DestinationBytes, (long)Random.Next(60, 2_000_000));
        e.Add(Direction, "outbound"u8);
        e.Add(Community, "1:" + Hex(28));
        e.Add(Vendor, "Example"u8);
        e.Add(Field.NetworkTransport, port == 53 ? "udp"u8 : "tcp"u8);
        e.Add(Field.NetworkProtocol, protocol);
        e.Add(Field.RuleName, string.Create(CultureInfo.InvariantCulture, $"allow-zone-{rule}"));
        e.Add(Field.Message, string.Create(CultureInfo.InvariantCulture, $"{(allowed ? "accept" : "drop")} {protocol} {source}:{from} -> {target}:{port} rule allow-zone-{rule} in ethernet1/{rule % 8} out ethernet1/{rule % 5} session {Random.Next(1_000_000)} duration {Random.Next(300)}s"));
    }
}
