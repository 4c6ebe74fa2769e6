using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Who this process is to the ledger.</summary>
/// <param name="Node">The same after a restart.</param>
/// <param name="Process">Different after a restart: what an earlier process of the node held is free at once.</param>
internal sealed record NodeIdentity(string Node, string Process)
{
    public static NodeIdentity Of(IOptions<DetectionOptions> options) => new(options.Value.Node, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
}
