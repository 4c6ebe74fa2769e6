using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Secrets;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>A vault that holds what a test puts in.</summary>
internal sealed class FixedSecrets(params (string Name, string Value)[] secrets) : ISecretReader
{
    public static IPlaybookSecrets None { get; } = new VaultSecrets(new FixedSecrets());
    public Task<string?> OpenAsync(string name, CancellationToken cancellation = default) => Task.FromResult<string?>(secrets.FirstOrDefault(s => s.Name == name).Value);
}
