using System.Text.Json.Nodes;
using Beacon.Detections.Rules;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Detections.Tests.Rules;

/// <summary>docs/schema/scheduled-rule.schema.json says what the reader reads: an editor and the program agree.</summary>
public sealed class ScheduledSchemaTests
{
    private const string Head = "title: T\nlevel: low\n";

    private static readonly JsonSchema Schema = new((JsonObject)JsonNode.Parse(File.ReadAllText(Find("docs/schema/scheduled-rule.schema.json")))!);

    private static readonly IReadOnlyList<IScheduledDetector> Detectors = [.. new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton<IEventStore, FakeEventStore>()
        .AddSingleton<ISourceActivity, FakeActivity>().AddSingleton<IStateDatabase>(new RulePackTests.NoState()).AddDetectors().BuildServiceProvider().GetServices<IScheduledDetector>()];

    public static TheoryData<string> Names => [.. Detectors.Select(static d => d.Name)];

    [Fact]
    public void Header_OfTheSchema_IsWhatTheReaderKnows()
    {
        var known = Known(new ScheduledRuleReader(Detectors).Read("x.yml", Head + "detector: threshold\nnobody: knows\n").Faults);
        Assert.Equal(known, ((JsonObject)Schema.Root["properties"]!).Select(static p => p.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Detectors_OfTheSchema_AreThoseThatAreThere() =>
        Assert.Equal(Detectors.Select(static d => d.Name).Order(StringComparer.Ordinal), ((JsonArray)Schema.Root["properties"]!["detector"]!["enum"]!).Select(static n => (string)n!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_OfTheSchema_AreThoseThatTheDetectorReads(string name)
    {
        var known = Known(new ScheduledRuleReader(Detectors).Read("x.yml", $"{Head}detector: {name}\nsettings:\n  nobody: knows\n").Faults);
        Assert.Equal(known, ((JsonObject)Schema.Root["$defs"]![name]!["properties"]!).Select(static p => p.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Validate_ShippedRules_Fit()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "rules", "scheduled")).Where(static f => !f.EndsWith(RuleCases.Suffix, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, static f => Assert.Empty(Schema.Validate(Parse(File.ReadAllText(f)))));
    }

    [Theory]
    [InlineData("detector: threshold\nsettings: { filter: { event.outcome: failure }, at-least: 3 }")]
    [InlineData("detector: threshold\nwindow: 5m\ninterval: 1m\nlateness: 0s\nsource-lateness: { 'plc-*': 10m }\nsuppression: 1h\nsettings: { filter: { event.outcome: [failure, unknown], 'source.port|gt': 1024 }, except: { source.ip: '::1' }, group-by: [source.ip], distinct: user.name, at-least: 3 }")]
    [InlineData("detector: threshold\nsuppression: { span: 30m, by: [source.ip] }\nsettings: { filter: { a: 1 }, group-by: source.ip, at-least: 3 }")]
    [InlineData("detector: silent-source")]
    [InlineData("detector: silent-source\nsettings: { factor: 2.5, at-least: 90s, sources: [a, 'b*'] }")]
    [InlineData("id: 6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a01\nstatus: test\ndescription: d\nauthor: a\nreferences: [x]\ntags: [attack.t1110]\nfalsepositives: [y]\ndate: 2026-01-01\ndetector: silent-source")]
    public void Both_OfAGoodRule_TakeIt(string rule)
    {
        Assert.Empty(Schema.Validate(Parse(Head + rule)));
        Assert.DoesNotContain(new ScheduledRuleReader(Detectors).Read("x.yml", Head + rule).Faults, static f => f.Severity == FaultSeverity.Error);
    }

    [Theory]
    [InlineData("detector: nobody", 3)]
    [InlineData("detector: threshold\nsettings: { filter: { a: 1 } }", 4)]
    [InlineData("detector: threshold\nsettings: { at-least: 3 }", 4)]
    [InlineData("detector: threshold\nsettings: { filter: { a: 1 }, at-least: 0 }", 4)]
    [InlineData("detector: threshold\nsettings: { filter: { a: 1 }, at-least: many }", 4)]
    [InlineData("detector: threshold\nsettings: { filter: failure, at-least: 3 }", 4)]
    [InlineData("detector: threshold\nsettings: { filter: { a: 1 }, at-least: 3, group-by: [a, b, c, d, e, f] }", 4)]
    [InlineData("detector: threshold\nsettings: { filter: { a: 1 }, at-least: 3, atleast: 4 }", 4)]
    [InlineData("detector: silent-source\nwindow: 5", 4)]
    [InlineData("detector: silent-source\nwindow: 5 minutes", 4)]
    [InlineData("detector: silent-source\nlateness: soon", 4)]
    [InlineData("detector: silent-source\nsource-lateness: [plc]", 4)]
    [InlineData("detector: silent-source\nsource-lateness: { plc: long }", 4)]
    [InlineData("detector: silent-source\nsuppression: yes", 4)]
    [InlineData("detector: silent-source\nsuppression: { by: [a] }", 4)]
    [InlineData("detector: silent-source\nsuppression: { span: 1h, for: a }", 4)]
    [InlineData("detector: silent-source\nsettings: { factor: 0 }", 4)]
    [InlineData("detector: silent-source\nsettings: [1]", 4)]
    [InlineData("detector: silent-source\nschedule: hourly", 4)]
    public void Both_OfABadRule_RefuseItAndTheReaderNamesTheLine(string rule, int line)
    {
        Assert.NotEmpty(Schema.Validate(Parse(Head + rule)));
        var faults = new ScheduledRuleReader(Detectors).Read("x.yml", Head + rule).Faults;
        Assert.Contains(faults, f => f.Severity == FaultSeverity.Error && f.Line == line);
    }

    private static JsonNode? Parse(string text) => JsonSchema.Of(YamlReader.Read(text, new FaultList("x.yml"))[0].Root);

    private static IEnumerable<string> Known(IReadOnlyList<SigmaFault> faults) =>
        faults.First(static f => f.Code == FaultCodes.Unknown && f.Message.ToString().Contains("'nobody'", StringComparison.Ordinal)).Hint.ToString()["known are ".Length..].Split(", ").Order(StringComparer.Ordinal);

    private static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Security.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("the repository's root");
        return Path.Combine(folder.FullName, path);
    }
}
