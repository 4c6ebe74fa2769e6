using System.Globalization;
using Beacon.Detections.Indicators;
using Beacon.Detections.Matching;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Detections.Rules;

/// <summary>
/// Runs the cases beside a scheduled rule: each seeds a store of its own with events, evaluates the rule's windows over it, and compares
/// what was detected. A rule needs at least one case with detections and one without.
/// </summary>
public static class ScheduledCases
{
    /// <summary>Windows evaluated for one case; a case over a longer time says from when to when it looks.</summary>
    public const int MaxWindows = 2_000;

    /// <param name="addStores">Adds an opened, empty <see cref="IEventStore"/>, and whatever else detectors need, made in the folder; they are disposed of after the case.</param>
    public static async Task<RuleCasesResult> RunAsync(string ruleFile, Func<string, IServiceCollection, CancellationToken, Task> addStores, CancellationToken cancellation)
    {
        var casesFile = ruleFile[..^".yml".Length] + RuleCases.Suffix;
        var faults = new FaultList(casesFile);
        var results = new List<RuleCaseResult>();
        if (!File.Exists(casesFile)) faults.Error(YamlMark.Start, FaultCodes.Missing, "the rule has no cases", "write at least one match and one near miss");
        else if (new FileInfo(casesFile).Length > YamlReader.MaxCharacters) faults.Error(YamlMark.Start, FaultCodes.TooLarge, "the file is too large");
        IReadOnlyList<SigmaFault> found = [];
        if (faults.Errors > 0 || new FileInfo(ruleFile).Length > YamlReader.MaxCharacters) return new RuleCasesResult(results, faults.Faults);
        var text = await File.ReadAllTextAsync(ruleFile, cancellation).ConfigureAwait(false);
        foreach (var one in ScheduledCase.ReadAll(await File.ReadAllTextAsync(casesFile, cancellation).ConfigureAwait(false), faults))
        {
            var folder = Directory.CreateTempSubdirectory("beacon-case-");
            try
            {
                var services = new ServiceCollection();
                services.AddSingleton<TimeProvider>(new CaseClock(one.From)).AddSingleton<ISourceActivity>(one)
                    .AddSingleton<IAssetDirectory>(one.Surroundings).AddSingleton<IIndicators>(new FixedIndicators(one.Surroundings.Indicators));
                services.AddDetectors();
                await addStores(folder.FullName, services, cancellation).ConfigureAwait(false);
                var provider = services.BuildServiceProvider();
                await using (provider.ConfigureAwait(false))
                {
                    var read = new ScheduledRuleReader(provider.GetServices<IScheduledDetector>()).Read(ruleFile, text);
                    found = read.Faults;
                    if (read.Rules.Count != 1 || read.Faults.Count > 0)
                    {
                        if (read.Faults.Count == 0) faults.Error(YamlMark.Start, FaultCodes.Structure, $"the rule file holds {read.Rules.Count} rules; cases are for one");
                        break;
                    }
                    if (await RunAsync(one, read.Rules[0], provider, faults, cancellation).ConfigureAwait(false) is { } result) results.Add(result);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
        if (faults.Errors == 0 && found.Count == 0)
        {
            if (!results.Exists(static r => r.Expected)) faults.Error(YamlMark.Start, FaultCodes.Case, "no case must match");
            if (results.TrueForAll(static r => r.Expected)) faults.Error(YamlMark.Start, FaultCodes.Case, "no case is a near miss");
        }
        return new RuleCasesResult(results, [.. found, .. faults.Faults]);
    }

    private static async Task<RuleCaseResult?> RunAsync(ScheduledCase one, ScheduledRule rule, ServiceProvider services, FaultList faults, CancellationToken cancellation)
    {
        var store = services.GetRequiredService<IEventStore>();
        if (one.Events.Count > 0) await store.AppendAsync(one.Events, one.Events.Count, cancellation).ConfigureAwait(false);
        var detector = services.GetServices<IScheduledDetector>().First(d => d.Name == rule.Detector);
        var step = rule.Interval.Ticks;
        // Every window that holds an event, or begins within the time that the case names.
        var first = Floor(one.LooksFrom ?? (one.From - rule.Window + rule.Interval), step);
        var last = one.LooksTo is { } to ? to - rule.Window : one.To;
        if ((last - first).Ticks / step >= MaxWindows)
        {
            faults.Error(one.Mark, FaultCodes.Case, $"the case spans more than {MaxWindows} windows", "say with from and to which time is looked at");
            return null;
        }
        var detections = new Dictionary<DetectionId, Detection>();
        for (var start = first; start <= last; start += rule.Interval)
        {
            var window = new EvaluationWindow(rule, new TimeRange(start, start + rule.Window)) { SeenUpTo = one.To.AddDays(1) };
            var queries = detector.Queries(window);
            IReadOnlyList<IReadOnlyList<GroupCount>> answers = queries.Count == 0 ? [] : await store.GroupManyAsync(queries, cancellation).ConfigureAwait(false);
            foreach (var detection in (await detector.EvaluateAsync(window, answers, cancellation).ConfigureAwait(false)).Detections) detections.TryAdd(detection.Id, detection);
        }
        var matched = detections.Values.OrderBy(static d => d.Time).Take(20).Select(static d => new MatchedField("detection", "entity", d.Entity.Value, 0, 0)).ToArray();
        return new RuleCaseResult(faults.File, one.Mark.Line, rule.Id, one.Name, one.Expected.Count > 0, detections.Count > 0, matched) { Differences = one.Compare(detections.Values) };
    }

    private static DateTimeOffset Floor(DateTimeOffset instant, long ticks) => new(instant.UtcTicks - (instant.UtcTicks % ticks), TimeSpan.Zero);

    /// <summary>Stands still: a case has its own time.</summary>
    private sealed class CaseClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
