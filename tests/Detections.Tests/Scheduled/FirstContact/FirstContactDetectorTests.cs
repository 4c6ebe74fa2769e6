using Beacon.Detections.Scheduled.FirstContact;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled.FirstContact;

public sealed class FirstContactDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private FirstContactDetector Detector => new(house.Store, new Plant(), house.Time);

    private string Rule(string more = "") => DetectorHouse.Text(Detector, "window: 1h\ninterval: 1h", $"""
        filter:
          event.category: network
        zones:
          - name: it
            networks: [10.1.0.0/16, 'fd00:1::/32']
          - name: ot
            networks: [10.9.0.0/16]
        from: [it]
        to: [ot, 'cell-*']
        history: 30d{more}
        """);

    [Fact]
    public async Task Evaluate_NewPairAcrossTheZones_IsTold()
    {
        house.Add(Noon.AddDays(-20), "event.category=network source.ip=10.1.0.5 destination.ip=10.9.0.1 destination.port=502");
        house.Add(Noon.AddMinutes(1), "event.category=network source.ip=10.1.0.5 destination.ip=10.9.0.1 destination.port=22");
        house.Add(Noon.AddMinutes(2), "event.category=network source.ip=10.1.0.6 destination.ip=10.9.0.1 destination.port=502");
        house.Add(Noon.AddMinutes(3), "event.category=network source.ip=fd00:1::7 destination.ip=192.0.2.33 destination.port=102");
        // Within a zone, out of the plant, to a third network.
        house.Add(Noon.AddMinutes(4), "event.category=network source.ip=10.1.0.6 destination.ip=10.1.0.7 destination.port=445");
        house.Add(Noon.AddMinutes(5), "event.category=network source.ip=10.9.0.1 destination.ip=10.1.0.6 destination.port=445");
        house.Add(Noon.AddMinutes(6), "event.category=network source.ip=10.1.0.6 destination.ip=192.0.2.34 destination.port=502");

        var pairs = await house.LookAsync(Detector, Rule(), Noon, Noon.AddHours(1));
        var ports = await house.LookAsync(Detector, Rule("\nport: true"), Noon, Noon.AddHours(1));

        Assert.Equal([("10.1.0.6", "10.9.0.1"), ("fd00:1::7", "192.0.2.33")], pairs.Select(static d => (d.Facts["source.ip"], d.Facts["destination.ip"])));
        Assert.Equal(new Entity(EntityKind.Address, "10.9.0.1"), pairs[0].Entity);
        Assert.Contains("(it) reached 10.9.0.1 (ot or cell-*)", pairs[0].Summary, StringComparison.Ordinal);
        Assert.Equal(["22", "502", "102"], ports.Select(static d => d.Facts["destination.port"]));
        Assert.Empty(await house.LookAsync(Detector, Rule(), Noon.AddHours(1), Noon.AddHours(2)));
    }

    [Fact]
    public async Task Evaluate_ZonesOfMoreNetworksThanTheStoreTakes_FailsWithWhatToChange()
    {
        var many = string.Join(", ", Enumerable.Range(0, 401).Select(static i => $"10.{i / 256}.{i % 256}.0/24"));
        var rule = Rule().Replace("10.9.0.0/16", many, StringComparison.Ordinal);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => house.LookAsync(Detector, rule, Noon, Noon.AddHours(1)));

        Assert.Contains("write the zones as fewer networks", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_ZonesOfAsManyNetworksAsTheStoreTakes_AreAsked()
    {
        var many = string.Join(", ", Enumerable.Range(0, 398).Select(static i => $"10.{100 + (i / 256)}.{i % 256}.0/24"));

        Assert.Empty(await house.LookAsync(Detector, Rule().Replace("10.9.0.0/16", many, StringComparison.Ordinal).Replace("10.1.0.0/16", many.Replace("10.1", "10.2", StringComparison.Ordinal), StringComparison.Ordinal), Noon.AddDays(9), Noon.AddDays(9).AddHours(1)));
    }

    [Fact]
    public void Settings_Faults_AreAllNamed()
    {
        var faults = DetectorHouse.Faults(Detector, "filter: { a: b }\nzones:\n  - name: it\n    networks: [10.1.0.0/99]\nfrom: [it]\nto: [it]\nport: 22");

        Assert.Equal(["11: a network is written as 10.20.0.0/16", "13: a zone stands in both 'from' and 'to'", "14: 'port' is true or false"], faults);
        Assert.Contains(DetectorHouse.Faults(Detector, "filter: { a: b }\nfrom: [it]"), static f => f.EndsWith("'to' names one zone or more", StringComparison.Ordinal));
    }

    private sealed class Plant : IAssetDirectory
    {
        public Asset? Find(string nameOrAddress) => null;
        public IReadOnlyList<Asset> All => [new Asset("plc-3", "plc-3", ["plc-3", "192.0.2.33"], AssetImportance.Important, "", "", "", "cell-3", ""), new Asset("web", "web", ["192.0.2.34"], AssetImportance.General, "", "", "", "dmz", "")];
        public Task SaveAsync(IReadOnlyList<Asset> assets, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
