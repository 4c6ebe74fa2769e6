using System.Net;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The field is an address within the network, IPv4 or IPv6 (RFC 4632, RFC 4291).</summary>
internal sealed class CidrModifier : ISigmaModifier
{
    public string Name => "cidr";

    public void Apply(ModifierChain chain) => chain.Map(value =>
    {
        if (chain.Plain(value, Name) is not { } text) return null;
        if (IPNetwork.TryParse(text.Contains('/', StringComparison.Ordinal) ? text : Whole(text), out var network) && IsClean(text, network)) return new CidrValue(network);
        chain.Fault(FaultCodes.Value, $"'{Yaml.YamlReader.Shorten(text)}' is not a network", "write it as 10.0.0.0/8 or fe80::/10, with no bits set behind the prefix");
        return null;
    });

    /// <summary>No bit is set behind the prefix: else the author meant another network, or one address.</summary>
    private static bool IsClean(string text, IPNetwork network) =>
        IPAddress.TryParse(text.Split('/')[0], out var address) && address.Equals(network.BaseAddress);

    private static string Whole(string address) => address + (address.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
}
