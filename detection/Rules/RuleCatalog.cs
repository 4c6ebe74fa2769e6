using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Queries;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Versions;
using Beacon.Detections.Rules.Volume;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Rules;

/// <summary>
/// All rules of this process: the shipped ones and the installation's own, switched on and off, with what they did. Every change
/// makes a new compiled set that takes the old one's place whole; an event in hand finishes with the set it began with.
/// </summary>
public sealed partial class RuleCatalog : IDisposable
{
    /// <summary>Longest text of a rule file saved through <see cref="SaveAsync"/>, in characters.</summary>
    public const int MaxRuleLength = 200_000;

    private readonly DetectionOptions _options;
    private readonly RuleFiles _files;
    private readonly RuleCounts _counts;
    private readonly StageStore _stages;
    private readonly RuleVersions _versions;
    private readonly DetectionMetrics _metrics;
    private readonly ILogger<RuleCatalog> _log;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ConcurrentDictionary<string, RuleCounters> _counters = new(StringComparer.OrdinalIgnoreCase);
    private volatile Snapshot _current = Snapshot.Empty;

    internal sealed record Snapshot(
        IReadOnlyList<LoadedRule> Rules, FrozenDictionary<string, LoadedRule> ById, FrozenDictionary<string, RuleStage> Stages, RuleSet Set, FrozenDictionary<string, CompiledRule> Compiled,
        IReadOnlyList<(ScheduledRule Rule, bool Enabled)> Scheduled, IReadOnlyList<SigmaFault> Faults, long[] Cost, CorrelationSet Correlations, SigmaPipelines Pipelines, IReadOnlyDictionary<string, long> Versions)
    {
        public static readonly Snapshot Empty = new([], FrozenDictionary<string, LoadedRule>.Empty, FrozenDictionary<string, RuleStage>.Empty, RuleSet.Empty, FrozenDictionary<string, CompiledRule>.Empty, [], [], [], CorrelationSet.Empty, SigmaPipelines.BuiltIn, FrozenDictionary<string, long>.Empty);

        private long _sampled;

        public long Sampled => Interlocked.Read(ref _sampled);
        public RuleStage StageOf(string id) => Stages.GetValueOrDefault(id, RuleStage.Live);

        public void CountSample() => Interlocked.Increment(ref _sampled);
    }

    internal RuleCatalog(IOptions<DetectionOptions> options, RuleFiles files, RuleCounts counts, StageStore stages, RuleVersions versions, RuleVolume volume, DetectionMetrics metrics, ILogger<RuleCatalog> log) =>
        (_options, _files, _counts, _stages, _versions, Volume, _metrics, _log) = (options.Value, files, counts, stages, versions, volume, metrics, log);

    /// <summary>Every rule, by title.</summary>
    public IReadOnlyList<RuleView> Rules
    {
        get
        {
            var current = _current;
            return [.. current.Rules.Select(r => View(current, r)).OrderBy(static v => v.Title, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>What is wrong with the files as they were last read.</summary>
    public IReadOnlyList<SigmaFault> Faults => _current.Faults;

    internal Snapshot Current => _current;

    internal RuleVolume Volume { get; }

    /// <summary>How a rule's text is read here: with the installation's placeholders.</summary>
    internal SigmaReaderOptions Reading => ReaderOptions(PlaceholderFile.ReadFile(_options.PlaceholdersFile));

    internal IReadOnlyList<(ScheduledRule Rule, bool Enabled)> Scheduled => _current.Scheduled;

    public RuleView? Find(string id)
    {
        var current = _current;
        return current.ById.TryGetValue(id, out var rule) ? View(current, rule) : null;
    }

    /// <summary>Reads all files and states, and puts the new set in place.</summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_counters.IsEmpty)
                foreach (var (id, counter) in await _counts.ReadCountersAsync(cancellation).ConfigureAwait(false)) _counters.TryAdd(id, counter);
            await LoadAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The rule that a text is about, or null where the text has an error or holds several that have nothing to do with each other.</summary>
    public RuleHead? HeadOf(string text)
    {
        if (Read("rule.yml", text, out var rules).Any(static f => f.Severity == FaultSeverity.Error) || RuleLinks.HeadOf(rules) is not { } id) return null;
        var head = rules.First(r => r.Id == id);
        return new RuleHead(id, head.Title, head.Kind);
    }

    /// <summary>Why a text's only rule matches an event, or does not; null where the text is no single Sigma rule.</summary>
    public EventTrial? Try(string text, SecurityEvent e)
    {
        var faults = Read("rule.yml", text, out var rules);
        if (faults.Any(static f => f.Severity == FaultSeverity.Error) || rules is not [{ Sigma: { } rule }]) return null;
        var set = RuleSet.Compile([rule], _current.Pipelines);
        var matches = new List<CompiledRule>();
        set.Match(e, matches);
        return new EventTrial(matches.Count > 0, matches.Count > 0 ? set.Explain(e, matches[0]) : [], RuleTrace.Of(rule, e, _current.Pipelines));
    }

    /// <summary>A Sigma rule of a text as the stores are asked for it; null where the text is no single Sigma rule.</summary>
    public RuleQuery? QueryOf(string text) =>
        Read("rule.yml", text, out var rules).Any(static f => f.Severity == FaultSeverity.Error) || rules is not [{ Sigma: { } rule }] ? null : RuleQuery.Of(rule, _current.Pipelines);

    /// <summary>Runs the cases of a rule's file as the rule is read here.</summary>
    public RuleCasesResult RunCases(string file) => RuleCases.Run(file, Reading, _current.Pipelines);

    /// <summary>What is wrong with a rule's text, and with what refers to it, without saving it.</summary>
    public IReadOnlyList<SigmaFault> Check(string text) => Read("rule.yml", text, out _);

    /// <summary>Writes down what the rules counted since the last time.</summary>
    public async Task SaveCountersAsync(CancellationToken cancellation)
    {
        await _counts.SaveCountersAsync(_counters, cancellation).ConfigureAwait(false);
        await Volume.SaveAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _changing.Dispose();

    /// <summary>What a correlation forgot, or could not take in time.</summary>
    internal void CountEvictions(string id, int entries)
    {
        CountersOf(id).CountEvictions(entries);
        _metrics.Evictions(entries);
    }

    internal void CountLate(string id)
    {
        CountersOf(id).CountLate();
        _metrics.Late();
    }

    internal void CountMatch(string id, DateTimeOffset time)
    {
        CountersOf(id).CountMatch(time);
        Volume.Count(id, time, staged: IsStaged(id));
        _metrics.Match();
    }

    /// <summary>True where what the rule finds is counted and not raised.</summary>
    internal bool IsStaged(string id) => _current.StageOf(id) == RuleStage.Staged;

    /// <summary>Keeps what a staged rule would have raised.</summary>
    internal void CountStaged(Detection detection) => Volume.Keep(detection.RuleId, new StagedExample(
        detection.Time, detection.Entity.Value, detection.Summary.Length > 0 ? detection.Summary : detection.RuleTitle, detection.Event?.Id.ToString() ?? ""));

    internal void CountError(string id, Phrase message)
    {
        CountersOf(id).CountError(message);
        _metrics.Error();
    }

    private RuleCounters CountersOf(string id) => _counters.GetOrAdd(id, static _ => new RuleCounters(0, 0, null, ""));

    private IReadOnlyList<SigmaFault> Read(string file, string text, out IReadOnlyList<LoadedRule> rules)
    {
        rules = [];
        if (text.Length > MaxRuleLength) return [Fault($"the text holds {text.Length} characters; at most {MaxRuleLength} are taken", "")];
        (rules, var faults) = _files.ReadText(file, text, ScheduledRuleReader.IsScheduled(text), isUser: true, ReaderOptions(PlaceholderFile.ReadFile(_options.PlaceholdersFile)));
        return [.. faults, .. RuleLinks.FaultsOf(rules, _current.Rules)];
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var states = await _stages.ReadAsync(cancellation).ConfigureAwait(false);
        var versions = await _versions.NewestAsync(cancellation).ConfigureAwait(false);
        var placeholders = PlaceholderFile.ReadFile(_options.PlaceholdersFile);
        var (read, found) = _files.Read(_options.ShippedRules, _options.UserRules, ReaderOptions(placeholders));
        var (pipelines, pipelineFaults) = SigmaPipelines.Read(Directory.Exists(_options.UserPipelines) ? _options.Pipelines.Prepend(_options.UserPipelines) : _options.Pipelines);
        List<SigmaFault> faults = [.. pipelineFaults, .. placeholders.Faults, .. found];
        RuleStage StageOf(LoadedRule rule) => states.TryGetValue(rule.Id, out var stage) ? stage : rule.Status is "deprecated" or "unsupported" ? RuleStage.Retired : RuleStage.Live;
        bool IsOn(LoadedRule rule) => StageOf(rule).IsEvaluated();
        var rules = RuleLinks.ApplyFilters(read, IsOn, faults);
        var on = rules.ToLookup(IsOn);
        var set = RuleSet.Compile(RuleLinks.Sigma(on[true]), pipelines);
        var correlationsOn = on[true].Where(static r => r.Correlation is not null).Select(static r => r.Id).ToHashSet();
        var correlations = CorrelationSet.Compile(set, RuleLinks.Sigma(rules), RuleLinks.Correlations(rules), correlationsOn.Contains);
        faults.AddRange(correlations.Faults);
        _current = new Snapshot(
            rules, rules.ToFrozenDictionary(static r => r.Id, StringComparer.OrdinalIgnoreCase), rules.ToFrozenDictionary(static r => r.Id, StageOf, StringComparer.OrdinalIgnoreCase), set,
            set.Rules.ToFrozenDictionary(static r => r.Rule.Id, StringComparer.OrdinalIgnoreCase),
            [.. rules.Where(static r => r.Scheduled is not null).Select(r => (r.Scheduled!, on[true].Contains(r)))], faults, new long[set.SeeingCount], correlations, pipelines, versions);
        foreach (var rule in rules) CountersOf(rule.Id);
        foreach (var fault in faults.Where(static f => f.Severity == FaultSeverity.Error).Take(50)) LogFault(fault.ToString());
        LogLoaded(rules.Count, on[false].Count(), set.Rules.Count(static r => r.BlindReason is not null), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private RuleView View(Snapshot current, LoadedRule rule)
    {
        var (counters, stage) = (CountersOf(rule.Id), current.StageOf(rule.Id));
        var compiled = rule.Sigma is null ? null : current.Compiled.GetValueOrDefault(rule.Id);
        var view = rule switch
        {
            { Scheduled: { } s } => RuleViews.Of(s, rule.IsUser, stage, counters),
            { Sigma: { } s } => RuleViews.Of(s, rule, stage, counters, BlindReason(s, compiled, current.Pipelines), Cost(current, compiled), current.Correlations),
            _ => RuleViews.Of(rule, stage, counters, current.Correlations),
        };
        return view with { Version = current.Versions.GetValueOrDefault(rule.Id, 1) };
    }

    /// <summary>What every rule did, without the order and the text of <see cref="Rules"/>.</summary>
    internal IEnumerable<RuleFigures> Figures()
    {
        var current = _current;
        foreach (var rule in current.Rules)
        {
            var counters = CountersOf(rule.Id);
            yield return new RuleFigures(rule.Id, rule.Title, counters.Matches, counters.Errors, counters.LastMatch, Cost(current, current.Compiled.GetValueOrDefault(rule.Id)) ?? 0);
        }
    }

    /// <summary>Microseconds an event, or null where none was sampled.</summary>
    private static double? Cost(Snapshot current, CompiledRule? compiled) => compiled is { Ordinal: >= 0 } && current.Sampled > 0
        ? Stopwatch.GetElapsedTime(0, Interlocked.Read(ref current.Cost[compiled.Ordinal])).TotalMicroseconds / current.Sampled
        : null;

    private static SigmaReaderOptions ReaderOptions(PlaceholderResult placeholders) => new() { Placeholders = placeholders.Values };

    private static Phrase? BlindReason(SigmaRule rule, CompiledRule? compiled, SigmaPipelines pipelines) => compiled switch
    {
        null => RuleSet.BlindReasonOf(rule, pipelines),
        { IsSuspended: true } => $"suspended: {CompiledRule.MaxTimeouts} evaluations took too long; mend its regular expression",
        _ => compiled.BlindReason,
    };

    private static SigmaFault Fault(Phrase message, Phrase hint) => new("rule.yml", 1, 1, FaultCodes.Value, FaultSeverity.Error, message, hint);

    [LoggerMessage(2001, LogLevel.Information, "{Rules} rules loaded in {Milliseconds:0} ms; {Off} are not evaluated, {Blind} are blind")]
    private partial void LogLoaded(int rules, int off, int blind, double milliseconds);

    [LoggerMessage(2002, LogLevel.Warning, "Rule refused: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(2003, LogLevel.Information, "Rule '{Rule}' moved from {From} to {To} by {By}")]
    private partial void LogMoved(string rule, RuleStage from, RuleStage to, string by);

    [LoggerMessage(2004, LogLevel.Information, "Rule '{Rule}' saved by {By}")]
    private partial void LogSaved(string rule, string by);

    [LoggerMessage(2005, LogLevel.Information, "Rule '{Rule}' deleted by {By}")]
    private partial void LogDeleted(string rule, string by);
}
