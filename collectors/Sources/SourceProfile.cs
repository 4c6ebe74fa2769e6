using Beacon.Collectors.Parsers;

namespace Beacon.Collectors.Sources;

/// <summary>What decoding a source's frames needs to know of it.</summary>
/// <param name="Parser">Null for recognition.</param>
/// <param name="PeerIsHost">The sender's address stands in for a missing host name.</param>
/// <param name="HostName">Host of events without one, for what is read on this machine; or empty.</param>
internal sealed record SourceProfile(string Id, IEventParser? Parser, TimeZoneInfo Zone, string Organisation, bool PeerIsHost, string HostName);
