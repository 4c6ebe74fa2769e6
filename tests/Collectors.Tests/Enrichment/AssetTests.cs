using Beacon.Collectors.Enrichment;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Enrichment;

public sealed class AssetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly Asset Plc = new("plc-ps3-01", "Pump station 3", ["10.20.0.5", "PLC3"], AssetImportance.EspeciallyImportant, "water", "city-water", "water", "ot-cell-3", "");

    [Fact]
    public async Task Events_OfAKnownHost_CarryItsAsset()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var assets = (IAssetDirectory)rig.Services.GetService(typeof(IAssetDirectory))!;
        await assets.SaveAsync([Plc], default);
        await rig.SendAsync("http", """{"host":{"name":"plc3.city.example"}}""", """{"destination":{"ip":"10.20.0.5"},"source":{"ip":"10.0.0.1"}}""", """{"host":{"name":"other"}}""");
        await rig.DrainAsync();
        Assert.Equal(["plc-ps3-01", "plc-ps3-01", null], Enumerable.Range(1, 3).Select(i => rig.Store.Events[i].GetText(Field.AssetId)));
        Assert.Equal("especially-important", rig.Store.Events[1].GetText(Field.AssetCriticality));
        Assert.Equal("city-water", rig.Store.Events[2].GetText(Field.OrganizationId));
    }

    [Fact]
    public async Task Assets_Saved_AreThereAfterARestart()
    {
        await using (var rig = await Rig.CreateAsync(_folder.Path)) await ((IAssetDirectory)rig.Services.GetService(typeof(IAssetDirectory))!).SaveAsync([Plc], default);
        await using var again = await Rig.CreateAsync(_folder.Path);
        var found = ((IAssetDirectory)again.Services.GetService(typeof(IAssetDirectory))!).Find("plc3");
        Assert.Equal("Pump station 3", found?.Name);
        Assert.Equal(AssetImportance.EspeciallyImportant, found?.Importance);
    }

    [Fact]
    public async Task Assets_SavedByAnotherProcess_AreThereAfterARefresh()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var running = (AssetDirectory)rig.Services.GetService(typeof(IAssetDirectory))!;
        await running.SaveAsync([Plc with { Id = "first", Names = ["a"] }], default);
        var other = await CollectorsModule.OpenAssetsAsync(rig.State, default);
        await other.SaveAsync([Plc], default);
        Assert.Null(running.Find("plc3"));

        // Saved here before the other's change was seen: neither may hide the other.
        await running.SaveAsync([Plc with { Id = "second", Names = ["b"] }], default);
        await running.RefreshAsync(default);

        Assert.Equal(["first", "plc-ps3-01", "second"], running.All.Select(a => a.Id));
        Assert.Equal("plc-ps3-01", running.Find("plc3")?.Id);
    }

    [Fact]
    public void Csv_WithFaults_ReadsTheGoodLinesAndNamesEachBadOne()
    {
        var (assets, faults) = AssetCsv.Read("id,name,names,importance,note\r\na1,\"Gate, north\",10.0.0.1; gate,important,\"two\nlines\"\n,x,,,\na2,y,,huge,\na1,again,,,\na3,z\na4,ok,,especially-important,\n");
        Assert.Equal(["a1", "a4"], assets.Select(a => a.Id));
        Assert.Equal("Gate, north", assets[0].Name);
        Assert.Equal(["10.0.0.1", "gate"], assets[0].Names);
        Assert.Equal([4, 5, 6, 7], faults.Select(f => f.Line));
    }

    [Fact]
    public void Csv_WithoutId_IsRefused() => Assert.Contains("'id'", AssetCsv.Read("name\nx\n").Faults.Single().Message.ToString(), StringComparison.Ordinal);
}
