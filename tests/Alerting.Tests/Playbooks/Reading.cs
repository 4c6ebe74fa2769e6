using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Tests.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Actions.OpenC2;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Playbooks.Actions.Ssh;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Reads playbooks with the actions that the house has.</summary>
internal static class Reading
{
    public static (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Of(ReadOnlyMemory<byte> json) => PlaybookReader.Read(json, TestHouse.Start, Actions, FixedSecrets.None);

    public static (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Of(PlaybookJson book) => Of(book.Bytes);

    public static PlaybookActions Actions { get; } = new([Http(new AlertingOptions()), Ssh(new AlertingOptions()), new OpenC2Action(Outgoing(new AlertingOptions()), new FakeTimeProvider(TestHouse.Start))]);

    public static HttpApiAction Http(AlertingOptions options, TimeProvider? time = null, IHostResolver? resolver = null) => new(Outgoing(options, time, resolver));

    public static OutgoingHttp Outgoing(AlertingOptions options, TimeProvider? time = null, IHostResolver? resolver = null) =>
        new(Hosts(options, resolver), new HostTrust(Options.Create(options)), Options.Create(options), time ?? new FakeTimeProvider(TestHouse.Start));

    public static SshAction Ssh(AlertingOptions options, TimeProvider? time = null, IHostResolver? resolver = null) =>
        new(Hosts(options, resolver), new KnownHosts(Options.Create(options)), Options.Create(options), time ?? new FakeTimeProvider(TestHouse.Start));

    private static OutgoingHosts Hosts(AlertingOptions options, IHostResolver? resolver) => new(Options.Create(options), resolver ?? new DnsResolver());
}
