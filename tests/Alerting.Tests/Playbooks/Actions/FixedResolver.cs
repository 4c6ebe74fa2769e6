using System.Net;
using Beacon.Alerting.Playbooks.Actions.Outgoing;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>Answers each question with the next address, the last one ever after: a name that points elsewhere a moment later.</summary>
internal sealed class FixedResolver(params IPAddress[] addresses) : IHostResolver
{
    public int Asked { get; private set; }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) => Task.FromResult<IPAddress[]>([addresses[Math.Min(Asked++, addresses.Length - 1)]]);
}
