using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Versions;
using Beacon.Detections.Tests.Rules.Stages;

namespace Beacon.Detections.Tests.Rules.Versions;

public sealed class RuleVersionsTests : IDisposable
{
    private readonly CatalogHouse _house = new();

    [Fact]
    public async Task Save_EachText_IsAVersionWithWhoWhenAndWhy()
    {
        var (catalog, _) = await _house.OpenAsync();
        var versions = new RuleVersions(_house.Database, _house.Time);
        await SaveAsync(catalog, "one", "ann", "");
        _house.Time.Advance(TimeSpan.FromHours(1));
        await SaveAsync(catalog, "two", "ben", "fewer");
        await SaveAsync(catalog, "two", "ben", "the same again");
        Assert.Equal([(2L, "ben", "fewer"), (1L, "ann", "")], (await versions.ListAsync(CatalogHouse.OwnId, default)).Select(static v => (v.Number, v.By, v.Reason)));
        Assert.Equal(2, catalog.Find(CatalogHouse.OwnId)!.Version);
        var first = (await versions.FindAsync(CatalogHouse.OwnId, 1, default))!;
        Assert.Equal((CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "one"), CatalogHouse.Start), (first.Text, first.At));
        Assert.Null(await versions.FindAsync(CatalogHouse.OwnId, 3, default));
    }

    [Fact]
    public async Task Save_OverATextThatAFileHad_KeepsThatTextToo()
    {
        Directory.CreateDirectory(_house.Own);
        var file = Path.Combine(_house.Own, CatalogHouse.OwnId + ".yml");
        await File.WriteAllTextAsync(file, CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "found"));
        var (catalog, _) = await _house.OpenAsync();
        var versions = new RuleVersions(_house.Database, _house.Time);
        await SaveAsync(catalog, "saved", "ann", "");
        await File.WriteAllTextAsync(file, CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "by hand"));
        await catalog.ReloadAsync(default);
        await SaveAsync(catalog, "again", "ann", "");
        Assert.Equal(["", "ann", "", "ann"], (await versions.ListAsync(CatalogHouse.OwnId, default)).Select(static v => v.By).Reverse());
        Assert.Contains("by hand", (await versions.FindAsync(CatalogHouse.OwnId, 3, default))!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_MoreThanAreKept_DropsTheOldest()
    {
        var (catalog, _) = await _house.OpenAsync();
        for (var i = 0; i < RuleVersions.MaxVersions + 3; i++) await SaveAsync(catalog, "word" + i, "ann", "");
        var kept = await new RuleVersions(_house.Database, _house.Time).ListAsync(CatalogHouse.OwnId, default);
        Assert.Equal((RuleVersions.MaxVersions, 4L), (kept.Count, kept[^1].Number));
        Assert.Equal(RuleVersions.MaxVersions + 3, catalog.Find(CatalogHouse.OwnId)!.Version);
    }

    [Fact]
    public async Task Save_ForATextThatIsNoLongerThere_IsStaleAndSavesNothing()
    {
        var (catalog, _) = await _house.OpenAsync();
        await SaveAsync(catalog, "one", "ann", "");
        var seen = catalog.Find(CatalogHouse.OwnId)!.Revision;
        await SaveAsync(catalog, "two", "ben", "");
        var change = await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "three"), null, seen, new RuleAct("ann"), default);
        Assert.Equal((true, false), (change.IsStale, change.Accepted));
        Assert.Contains("two", catalog.Find(CatalogHouse.OwnId)!.Source, StringComparison.Ordinal);
        Assert.True((await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "three"), null, catalog.Find(CatalogHouse.OwnId)!.Revision, new RuleAct("ann"), default)).Accepted);
    }

    private static async Task SaveAsync(RuleCatalog catalog, string word, string by, string reason) =>
        Assert.True((await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", word), null, null, new RuleAct(by, reason), default)).Accepted);

    public void Dispose() => _house.Dispose();
}
