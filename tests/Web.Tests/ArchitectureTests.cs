using System.Reflection;
using Beacon.Alerting;
using Beacon.Collectors;
using Beacon.Detections;
using Beacon.Events;
using Beacon.State;
using Beacon.Storage.DuckDb;
using Beacon.Storage.Elasticsearch;
using Beacon.Web.Hosting;

namespace Beacon.Web.Tests;

/// <summary>The directions in which the rooms may know each other, and where each foreign library stays.</summary>
public sealed class ArchitectureTests
{
    private const string Events = "Beacon.Events", State = "Beacon.State", DuckDb = "Beacon.DuckDb", Elasticsearch = "Beacon.Elasticsearch", Collectors = "Beacon.Collectors", Detections = "Beacon.Detections", Alerting = "Beacon.Alerting", Web = "Beacon.Web";

    private static readonly Assembly[] Rooms = [typeof(SecurityEvent).Assembly, typeof(SqliteStateDatabase).Assembly, typeof(DuckDbEventStore).Assembly, typeof(ElasticsearchEventStore).Assembly, typeof(CollectorsModule).Assembly, typeof(DetectionsModule).Assembly, typeof(AlertingModule).Assembly, typeof(BeaconHost).Assembly];

    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        [Events] = [], [State] = [Events], [DuckDb] = [Events], [Elasticsearch] = [Events], [Collectors] = [Events], [Detections] = [Events], [Alerting] = [Events, Detections], [Web] = [Events, State, DuckDb, Elasticsearch, Collectors, Detections, Alerting],
    };

    // Start of the names used → starts of the types that may.
    private static readonly (string Foreign, string[] At)[] Homes =
    [
        ("Quartz.", ["Beacon.Detections.Scheduled.", "Beacon.Detections.DetectionsModule"]),
        ("DuckDB.", ["Beacon.Storage.DuckDb."]),
        ("Microsoft.Data.Sqlite.", ["Beacon.State."]),
        ("Npgsql.", ["Beacon.State."]),
        ("Microsoft.AspNetCore.SignalR.", ["Beacon.Web.Live.", "Beacon.Web.Hosting.BeaconHost"]),
        ("Microsoft.AspNetCore.Components.", ["Beacon.Web."]),
        ("MudBlazor.", ["Beacon.Web.Console.", "Beacon.Web.Hosting.BeaconHost"]),
        ("System.CommandLine.", ["Beacon.Web.Commands.", "Program"]),
        ("System.Console::", ["Beacon.Web.Commands."]),
        ("YamlDotNet.", ["Beacon.Detections.Sigma.Yaml."]),
        ("ZstdSharp.", ["Beacon.Collectors.Files.Archives."]),
        // Time is injected: nobody asks the machine.
        ("System.DateTime::get_UtcNow", []), ("System.DateTime::get_Now", []), ("System.DateTime::get_Today", []),
        ("System.DateTimeOffset::get_UtcNow", []), ("System.DateTimeOffset::get_Now", []),
        ("System.Environment::get_TickCount", []), ("System.Threading.Thread::Sleep", []),
    ];

    [Fact]
    public void Rooms_References_FollowTheArrows() =>
        Assert.Empty(Forbidden(Rooms.SelectMany(r => r.GetReferencedAssemblies().Select(to => (r.GetName().Name!, to.Name!)))));

    [Fact]
    public void Rooms_ForeignLibraries_StayInTheirHomes()
    {
        var uses = Rooms.SelectMany(r => Uses.Of(r.Location)).ToList();
        Assert.Empty(Strayed(uses));
        // A home whose library is used nowhere is a rule that can't fail.
        foreach (var (foreign, at) in Homes.Where(h => h.At.Length > 0)) Assert.True(uses.Any(u => u.Target.StartsWith(foreign, StringComparison.Ordinal)), $"nothing uses {foreign}");
    }

    [Theory]
    [InlineData(Collectors, Detections)]
    [InlineData(Detections, Collectors)]
    [InlineData(Detections, Alerting)]
    [InlineData(Alerting, State)]
    [InlineData(Events, State)]
    [InlineData(Alerting, Web)]
    public void Forbidden_ReferenceAgainstTheArrows_IsFound(string from, string to) => Assert.Single(Forbidden([(from, to), (from, "System.Runtime"), (Web, Events)]));

    [Theory]
    [InlineData("Beacon.Alerting.Alerts.AlertAging", "Quartz.IJob")]
    [InlineData("Beacon.Web.Console.Shell.LiveFeed", "Microsoft.AspNetCore.SignalR.Hub")]
    [InlineData("Beacon.Collectors.Pipeline.StoreWriter", "DuckDB.NET.Data.DuckDBConnection")]
    [InlineData("Beacon.Alerting.Warnings.WarningDesk", "System.DateTimeOffset::get_UtcNow")]
    [InlineData("Beacon.Web.Live.BeaconHub", "System.Console::WriteLine")]
    public void Strayed_LibraryOutsideItsHome_IsFound(string from, string target) => Assert.Single(Strayed([new Use("any", from, target), new Use("any", "Beacon.Storage.DuckDb.Sql", "DuckDB.NET.Data.DuckDBConnection")]));

    [Fact]
    public void Of_ThisAssembly_SeesCodeInLambdasAndAsyncMethods()
    {
        var uses = Uses.Of(typeof(ArchitectureTests).Assembly.Location).Where(u => u.From == typeof(ArchitectureTests).FullName).Select(u => u.Target).ToList();
        Assert.Contains("System.Uri", uses);
        Assert.Contains("System.Guid::NewGuid", uses);
        Assert.Contains("System.Net.IPAddress::Parse", uses);
    }

    private static List<string> Forbidden(IEnumerable<(string From, string To)> references) =>
        [.. references.Where(r => r.To.StartsWith("Beacon.", StringComparison.Ordinal) && r.To != r.From && !MayReference[r.From].Contains(r.To)).Select(r => $"{r.From} references {r.To}")];

    private static List<string> Strayed(IEnumerable<Use> uses) =>
        [.. from use in uses
            from home in Homes
            where use.Target.StartsWith(home.Foreign, StringComparison.Ordinal) && !home.At.Any(at => use.From.StartsWith(at, StringComparison.Ordinal))
            select $"{use.From} uses {use.Target}"];

    private sealed class Sample
    {
        public Uri? Property { get; set; }
        public Func<Guid> Lambda { get; } = () => Guid.NewGuid();
        public static async Task<object> LaterAsync()
        {
            await Task.Yield();
            return System.Net.IPAddress.Parse("127.0.0.1");
        }
    }
}
