using System.Net;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.FirstContact;

/// <summary>A part of the network.</summary>
/// <param name="Name">As <c>asset.zone</c> names it, or with wildcards: addresses of assets in such zones belong to it beside the networks.</param>
internal sealed record NetworkZone(string Name, IReadOnlyList<IPNetwork> Networks);

/// <param name="Filter">Connections.</param>
/// <param name="From">Zones of the source.</param>
/// <param name="To">Zones of the destination.</param>
/// <param name="Port">True where a new destination port of a known pair is a first contact too.</param>
/// <param name="History">How far back the contact must be unknown, 1 minute to 90 days.</param>
/// <param name="Learning">How old the oldest contact between the zones must be before a new one is told; at most the history.</param>
internal sealed record FirstContactSettings(EventFilter Filter, IReadOnlyList<NetworkZone> From, IReadOnlyList<NetworkZone> To, bool Port, TimeSpan History, TimeSpan Learning)
{
    public IReadOnlyList<string> Fields => Port ? ["source.ip", "destination.ip", "destination.port"] : ["source.ip", "destination.ip"];
}
