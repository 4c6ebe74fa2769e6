using System.Data.Common;
using Beacon.Detections.Rules;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Corpora;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Detections.Tests.Rules;

public sealed class RulePackTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "rules");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.yml", SearchOption.AllDirectories)
        .Where(static f => !f.EndsWith(RuleCases.Suffix, StringComparison.Ordinal) && !f.Contains("scheduled", StringComparison.Ordinal)).Select(static f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal)];

    private static string[] Scheduled => [.. Directory.GetFiles(Path.Combine(Folder, "scheduled")).Where(static f => !f.EndsWith(RuleCases.Suffix, StringComparison.Ordinal))];

    public static TheoryData<string> ScheduledFiles => [.. Scheduled.Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(ScheduledFiles))]
    public async Task Run_ShippedScheduledRule_EveryCasePasses(string file)
    {
        var result = await ScheduledCases.RunAsync(Path.Combine(Folder, "scheduled", file), CaseStore.AddAsync, default);
        Assert.Empty(result.Faults);
        Assert.All(result.Cases, static c => Assert.True(c.Passed, $"{c.Name} (line {c.Line}): {string.Join("; ", c.Differences)}"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Run_ShippedRule_EveryCasePasses(string file)
    {
        var result = RuleCases.Run(Path.Combine(Folder, file));
        Assert.DoesNotContain(result.Faults, static f => f.Severity != FaultSeverity.Info);
        Assert.All(result.Cases, static c => Assert.True(c.Passed, $"{c.Name} (line {c.Line}): match {c.Expected} expected"));
        Assert.All(result.Cases.Where(static c => c.Actual), static c => Assert.NotEmpty(c.Matched));
    }

    [Fact]
    public void Pack_Shipped_HasFiftyRulesWithIdsOfTheirOwn()
    {
        var read = Files.Select(static f => SigmaReader.ReadFile(Path.Combine(Folder, f.Data))).ToArray();
        var alone = read.Where(static r => r.Correlations.Count == 0).Select(static r => r.Rules.Single()).ToArray();
        var correlations = read.SelectMany(static r => r.Correlations).ToArray();
        Assert.True(alone.Length >= 50, $"{alone.Length} rules");
        Assert.True(read.Count(static r => r.Correlations.Count > 0) >= 6);
        var rules = read.SelectMany(static r => r.Rules).Select(static r => (r.Id, r.Title)).Concat(correlations.Select(static c => (c.Id, c.Title))).ToArray();
        Assert.Equal(rules.Length, rules.Select(static r => r.Id).Distinct().Count());
        Assert.Equal(rules.Length, rules.Select(static r => r.Title).Distinct().Count());
        Assert.All(alone, static r => Assert.NotEmpty(r.FalsePositives));
        Assert.All(read.Where(static r => r.Correlations.Count > 0), static r => Assert.NotEmpty(r.Correlations[0].FalsePositives));
    }

    [Fact]
    public void Pack_ScheduledRules_AllRead()
    {
        var files = Scheduled;
        Assert.True(files.Length >= 17);
        Assert.All(files, static f => Assert.Empty(Reader().Read(f, File.ReadAllText(f)).Faults));
    }

    [Fact]
    public void Pack_Tags_AreActiveInAttack()
    {
        var techniques = new HashSet<string>();
        foreach (var table in new[] { "corpora/attack/enterprise-techniques.csv", "corpora/attack/ics-techniques.csv" })
            foreach (var cells in File.ReadLines(Shared.Find(table)).Skip(1).Select(static l => l.Split(',')).Where(static c => c.Length > 6 && c[0].StartsWith('T')))
                if (cells[4] == "false" && cells[5] == "false") techniques.Add("attack." + cells[0].ToLowerInvariant());
        var tactics = File.ReadLines(Shared.Find("corpora/attack/tactics.csv")).Select(static l => l.Split(',')).Where(static c => c.Length > 5 && c[1].Length > 0).Select(static c => "attack." + c[3]).ToHashSet();
        var tags = Files.Select(static f => SigmaReader.ReadFile(Path.Combine(Folder, f.Data))).SelectMany(static r => r.Rules.SelectMany(static x => x.Tags).Concat(r.Correlations.SelectMany(static c => c.Tags)))
            .Concat(Scheduled.SelectMany(static f => Reader().Read(f, File.ReadAllText(f)).Rules.Single().Tags)).Distinct();
        Assert.DoesNotContain(tags, t => !techniques.Contains(t) && !tactics.Contains(t));
    }

    /// <summary>As the program has it: with every detector that is registered.</summary>
    private static ScheduledRuleReader Reader()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics();
        services.AddSingleton<IEventStore>(new FakeEventStore());
        services.AddSingleton<ISourceActivity>(new FakeActivity());
        services.AddSingleton<IStateDatabase>(new NoState());
        services.AddDetections(static o => o.UserRules = Folder);
        return services.BuildServiceProvider().GetRequiredService<ScheduledRuleReader>();
    }

    internal sealed class NoState : IStateDatabase
    {
        public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) => throw new NotSupportedException();
        public Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default) => throw new NotSupportedException();
        public bool IsShared => false;
        public DateTimeOffset Now(DbConnection connection) => throw new NotSupportedException();
    }
}
