using Beacon.Detections.Indicators;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Indicators;

public sealed class IndicatorFilesTests : IDisposable
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-indicators-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
    private readonly DetectionMetrics _metrics = new(new TestMeters());
    private readonly StateDatabase _database;
    private readonly IndicatorTable _table;
    private readonly IndicatorSet _set;

    public IndicatorFilesTests()
    {
        _database = TestState.Open(_folder.FullName, [DetectionsModule.Schema], _time);
        _table = new IndicatorTable(_database);
        _set = new IndicatorSet(_table);
        _folder.CreateSubdirectory("in");
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _set.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Look_FilesComeChangeAndGo_TheSetFollows()
    {
        using var files = Files("one");
        Write("a.csv", "value,name\n203.0.113.1,first\n203.0.113.2,second\n");
        Write("b.json", """{"type": "indicator", "id": "indicator--1", "pattern_type": "stix", "pattern": "[domain-name:value = 'evil.example']"}""");
        Write("notes.txt", "value\n203.0.113.9\n");
        await files.LookAsync(None);
        var first = (await _set.CurrentAsync(None)).All;

        _time.Advance(TimeSpan.FromHours(1));
        Write("a.csv", "value,name\n203.0.113.2,renamed\n203.0.113.3,third\n");
        await files.LookAsync(None);
        var second = (await _set.CurrentAsync(None)).All;

        File.Delete(Path.Combine(_folder.FullName, "in", "a.csv"));
        await files.LookAsync(None);

        Assert.Equal(["203.0.113.1", "203.0.113.2", "evil.example"], first.Select(static i => i.Value).Order());
        Assert.Equal(["203.0.113.2", "203.0.113.3", "evil.example"], second.Select(static i => i.Value).Order());
        // What stays keeps the time at which it came.
        Assert.Equal(TimeSpan.FromHours(1), second.Single(static i => i.Value == "203.0.113.3").Added - second.Single(static i => i.Name == "renamed").Added);
        Assert.Equal(["evil.example"], (await _set.CurrentAsync(None)).All.Select(static i => i.Value));
    }

    [Fact]
    public async Task Look_AfterARestart_ReadsNothingAgain()
    {
        Write("a.csv", "value\n203.0.113.1\n");
        using (var files = Files("one")) await files.LookAsync(None);
        var version = await _table.VersionAsync(None);
        using var again = Files("one");
        await again.LookAsync(None);

        Assert.Equal(version, await _table.VersionAsync(None));
    }

    [Fact]
    public async Task Look_AnotherNodeWithoutTheFile_TakesNothingAway()
    {
        Write("a.csv", "value\n203.0.113.1\n");
        using (var files = Files("one")) await files.LookAsync(None);
        using var other = Files("two", "elsewhere");
        await other.LookAsync(None);

        Assert.Single((await _set.CurrentAsync(None)).All);
    }

    [Fact]
    public async Task Look_FileThatCannotBeRead_LeavesWhatItHeld()
    {
        using var files = Files("one");
        Write("a.json", """{"type": "indicator", "id": "indicator--1", "pattern_type": "stix", "pattern": "[domain-name:value = 'evil.example']"}""");
        await files.LookAsync(None);
        using (var held = new FileStream(Path.Combine(_folder.FullName, "in", "a.json"), FileMode.Append, FileAccess.Write, FileShare.None))
        {
            held.Write("  "u8);
            held.Flush();
            await files.LookAsync(None);
        }

        Assert.Single((await _set.CurrentAsync(None)).All);
    }

    private IndicatorFiles Files(string node, string folder = "in") => new(_table, new NodeIdentity(node, "p"),
        Options.Create(new DetectionOptions { Indicators = Path.Combine(_folder.FullName, folder) }), _metrics, _time, NullLogger<IndicatorFiles>.Instance);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, "in", name), text);
}
