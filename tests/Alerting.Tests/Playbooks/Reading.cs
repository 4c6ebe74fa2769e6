using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Reads playbooks with the actions that the house has.</summary>
internal static class Reading
{
    public static (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Of(ReadOnlyMemory<byte> json) => PlaybookReader.Read(json, TestHouse.Start, Actions, new DocumentSecrets());

    public static (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Of(PlaybookJson book) => Of(book.Bytes);

    public static PlaybookActions Actions { get; } = new([Http(new AlertingOptions())]);

    public static HttpApiAction Http(AlertingOptions options, TimeProvider? time = null) =>
        new(new OutgoingHosts(Options.Create(options)), Options.Create(options), time ?? new FakeTimeProvider(TestHouse.Start));
}
