using Beacon.Detections.Indicators;
using Beacon.Detections.Scheduled.IndicatorMatch;
using Beacon.Events;
using Beacon.State;
using Beacon.Tests.Support;

namespace Beacon.Detections.Tests.Scheduled.IndicatorMatch;

public sealed class IndicatorMatchDetectorTests : IAsyncLifetime
{
    private readonly DetectorHouse _house = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-indicators-");
    private readonly StateDatabase _database;
    private readonly IndicatorTable _table;
    private readonly IndicatorSet _set;
    private readonly DateTimeOffset _added;

    public IndicatorMatchDetectorTests()
    {
        _database = TestState.Open(_folder.FullName, [DetectionsModule.Schema], _house.Time);
        _table = new IndicatorTable(_database);
        _set = new IndicatorSet(_table);
        _added = _house.Time.GetUtcNow();
    }

    private IndicatorMatchDetector Detector => new(_house.Store, _set, _house.Time);

    private DateTimeOffset Hour => new(_added.UtcTicks - (_added.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    public ValueTask InitializeAsync() => _house.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _set.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Evaluate_IndicatorBeforeTheEvent_MatchesInTheEventsWindow()
    {
        await AddAsync(Of(IndicatorKind.Address, "203.0.113.0/24"), Of(IndicatorKind.Domain, "evil.example"), Of(IndicatorKind.Hash, "d41d8cd98f00b204e9800998ecf8427e"), Of(IndicatorKind.Url, "http://x.example/a"));
        _house.Add(Hour.AddHours(2), "destination.ip=203.0.113.77 host.name=pc");
        _house.Add(Hour.AddHours(2), "dns.question.name=www.Evil.example host.name=pc");
        _house.Add(Hour.AddHours(2), "file.hash.md5=D41D8CD98F00B204E9800998ECF8427E host.name=pc");
        _house.Add(Hour.AddHours(2), "url.full=http://x.example/A host.name=pc");
        _house.Add(Hour.AddHours(2), "destination.ip=203.0.114.77 dns.question.name=evil.example.org host.name=pc");

        var found = await LookAsync(2);

        Assert.Equal(["203.0.113.0/24", "evil.example", "http://x.example/a", "d41d8cd98f00b204e9800998ecf8427e"], found.Select(static d => d.Facts["indicator"]));
        Assert.All(found, static d => Assert.Equal(new Entity(EntityKind.Host, "pc"), d.Entity));
        Assert.Empty(await LookAsync(3));
        Assert.Equal("evil.example", Assert.Single(await LookAsync(2, "\ntypes: [domain]")).Facts["indicator"]);
    }

    [Fact]
    public async Task Evaluate_IndicatorAfterTheEvent_IsLookedUpInThePastOnce()
    {
        _house.Add(Hour.AddDays(-2), "source.ip=203.0.113.77 user.name=amal");
        _house.Add(Hour.AddDays(-3), "dns.question.name=a.evil.example. user.name=amal");
        _house.Add(Hour.AddDays(-20), "source.ip=203.0.113.77 user.name=old");
        await AddAsync(Of(IndicatorKind.Address, "203.0.113.77"), Of(IndicatorKind.Domain, "evil.example"));

        Assert.Empty(await LookAsync(-1));
        var found = await LookAsync(0);
        Assert.Empty(await LookAsync(1));

        Assert.Equal(["203.0.113.77", "evil.example"], found.Select(static d => d.Facts["indicator"]));
        Assert.Equal(Hour.AddDays(-2), found[0].Time);
        Assert.Contains("the indicator came after the event", found[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_EventInTheIndicatorsOwnWindow_MatchesOnce()
    {
        _house.Add(_added.AddMinutes(-1), "source.ip=203.0.113.77 user.name=amal");
        await AddAsync(Of(IndicatorKind.Address, "203.0.113.77"));

        Assert.Single((await LookAsync(-1)).Concat(await LookAsync(0)).Concat(await LookAsync(1)));
    }

    [Fact]
    public async Task Evaluate_IndicatorThatHasExpired_MatchesNoMore()
    {
        await AddAsync(Of(IndicatorKind.Address, "203.0.113.77") with { ValidUntil = Hour.AddHours(3) });
        _house.Add(Hour.AddHours(2), "source.ip=203.0.113.77");
        _house.Add(Hour.AddHours(4), "source.ip=203.0.113.77");

        Assert.Single(await LookAsync(2));
        Assert.Empty(await LookAsync(4));
    }

    /// <summary>The event lay unseen when the indicator's past was looked up: the look again finds it.</summary>
    [Fact]
    public async Task Evaluate_EventThatCameAfterTheLookBack_IsFoundByTheLookAgain()
    {
        await AddAsync(Of(IndicatorKind.Address, "203.0.113.77"));
        Assert.Empty(await LookAsync(0));
        _house.Add(Hour.AddHours(-5), "source.ip=203.0.113.77 user.name=amal", received: Hour.AddHours(2));

        Assert.Empty(await LookAsync(-5));
        Assert.Single(await _house.LookAsync(Detector, Rule(""), Hour.AddHours(-5), Hour.AddHours(-4), newSince: Hour.AddHours(1.5)));
    }

    /// <summary>A few are asked for by name, many are looked up among all values: both find the same.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(5_000)]
    public async Task Evaluate_FeedThatComesAtOnce_IsLookedUpWhole(int size)
    {
        _house.Add(Hour.AddDays(-2), "dns.question.name=www.bad3.example source.ip=198.51.100.7 user.name=amal");
        _house.Add(Hour.AddDays(-2), $"dns.question.name=bad{size - 1}.example user.name=bert");
        _house.Add(Hour.AddDays(-2), $"dns.question.name=bad{size}.example user.name=cora");
        await AddAsync([.. Enumerable.Range(0, size).Select(static i => Of(IndicatorKind.Domain, $"bad{i}.example")), .. Enumerable.Range(0, size).Select(static i => Of(IndicatorKind.Address, $"100.64.{i / 256}.{i % 256}")), Of(IndicatorKind.Address, "198.51.100.0/24")]);

        Assert.Equal(["198.51.100.0/24", "bad3.example", $"bad{size - 1}.example"], (await LookAsync(0)).Select(static d => d.Facts["indicator"]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("dns.resolved_ip", "203.0.113.77")]
    [InlineData("dns.resolved_ip", "203.0.113.0/24")]
    [InlineData("source.ip", "203.0.113.0/24")]
    public async Task Evaluate_IndicatorInTheSecondOfSeveralValues_Matches(string field, string indicator)
    {
        await AddAsync(Of(IndicatorKind.Address, indicator));
        _house.Add(Hour.AddHours(2), $"{field}=198.51.100.1 {field}=203.0.113.77 host.name=pc");
        _house.Add(Hour.AddHours(-20), $"{field}=198.51.100.1 {field}=203.0.113.78 {field}=203.0.113.77 host.name=before");

        Assert.Equal("203.0.113.77", Assert.Single(await LookAsync(2)).Facts[field]);
        Assert.Contains(await LookAsync(0), d => d.Facts[field] == "203.0.113.77" && d.Event?.GetText("host.name") == "before");
    }

    [Fact]
    public void Settings_UnknownType_IsRefused() =>
        Assert.Equal(["8: the types are address, domain, url, hash"], DetectorHouse.Faults(Detector, "types: [colour]"));

    private static Indicator Of(IndicatorKind kind, string value) => new(kind, value, "C2", "", null);

    private Task AddAsync(params Indicator[] indicators) => _table.ReplaceAsync("one", "a.csv", Guid.NewGuid().ToString(), indicators, default);

    private string Rule(string more) => DetectorHouse.Text(Detector, "window: 1h\ninterval: 1h", "look-back: 7d" + more);

    private Task<IReadOnlyList<Detection>> LookAsync(int hour, string more = "") => _house.LookAsync(Detector, Rule(more), Hour.AddHours(hour), Hour.AddHours(hour + 1));
}
