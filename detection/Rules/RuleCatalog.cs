using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
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
    private readonly RuleStateStore _states;
    private readonly DetectionMetrics _metrics;
    private readonly ILogger<RuleCatalog> _log;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ConcurrentDictionary<string, RuleCounters> _counters = new(StringComparer.OrdinalIgnoreCase);
    private volatile Snapshot _current = Snapshot.Empty;

    internal sealed record Snapshot(
        IReadOnlyList<LoadedRule> Rules, FrozenDictionary<string, LoadedRule> ById, FrozenSet<string> Off, RuleSet Set, FrozenDictionary<string, CompiledRule> Compiled,
        IReadOnlyList<(ScheduledRule Rule, bool Enabled)> Scheduled, IReadOnlyList<SigmaFault> Faults, long[] Cost, CorrelationSet Correlations, SigmaPipelines Pipelines)
    {
        public static readonly Snapshot Empty = new([], FrozenDictionary<string, LoadedRule>.Empty, FrozenSet<string>.Empty, RuleSet.Empty, FrozenDictionary<string, CompiledRule>.Empty, [], [], [], CorrelationSet.Empty, SigmaPipelines.BuiltIn);

        private long _sampled;

        public long Sampled => Interlocked.Read(ref _sampled);
        public void CountSample() => Interlocked.Increment(ref _sampled);
    }

    internal RuleCatalog(IOptions<DetectionOptions> options, RuleFiles files, RuleStateStore states, DetectionMetrics metrics, ILogger<RuleCatalog> log) =>
        (_options, _files, _states, _metrics, _log) = (options.Value, files, states, metrics, log);

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
                foreach (var (id, counter) in await _states.ReadCountersAsync(cancellation).ConfigureAwait(false)) _counters.TryAdd(id, counter);
            await LoadAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Switches a rule on or off, durably.</summary>
    /// <param name="by">Who did it.</param>
    /// <returns>False where there is no such rule.</returns>
    public async Task<bool> SetEnabledAsync(string id, bool enabled, string by, CancellationToken cancellation) => await SetEnabledAsync([id], enabled, by, cancellation).ConfigureAwait(false) > 0;

    /// <summary>Switches several rules on or off, durably and with one reload.</summary>
    /// <returns>How many there are of those that were named.</returns>
    public async Task<int> SetEnabledAsync(IReadOnlyCollection<string> ids, bool enabled, string by, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var rules = ids.Select(id => _current.ById.GetValueOrDefault(id)).OfType<LoadedRule>().ToList();
            if (rules.Count == 0) return 0;
            await _states.SaveStatesAsync([.. rules.Select(static r => r.Id)], enabled, by, cancellation).ConfigureAwait(false);
            await LoadAsync(cancellation).ConfigureAwait(false);
            foreach (var rule in rules.Take(50)) LogSwitched(rule.Title, enabled, by);
            return rules.Count;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>What is wrong with a rule's text, and with what refers to it, without saving it.</summary>
    public IReadOnlyList<SigmaFault> Check(string text) => Read("rule.yml", text, out _);

    /// <summary>
    /// Adds a rule of the installation, or replaces it where its id is there. One rule a text, or one correlation with rules that it joins.
    /// A shipped rule is not replaced: switch it off, and give yours an id.
    /// </summary>
    public async Task<RuleChange> SaveAsync(string text, string by, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var faults = Read("rule.yml", text, out var rules);
            if (faults.Any(static f => f.Severity == FaultSeverity.Error)) return new RuleChange([], faults);
            if (RuleLinks.HeadOf(rules) is not { } head)
                return new RuleChange([], [.. faults, Fault($"the text holds {rules.Count} rules; save one at a time", "only rules that a correlation in the same text joins are saved with it")]);
            var file = new RuleFileText(_options.UserRules, head, rules, _current.Rules);
            if (file.Refusal is { } refusal) return new RuleChange([], [.. faults, refusal]);
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            var draft = file.Path + ".new";
            await File.WriteAllTextAsync(draft, file.With(text), cancellation).ConfigureAwait(false);
            File.Move(draft, file.Path, overwrite: true);
            await LoadAsync(cancellation).ConfigureAwait(false);
            foreach (var rule in rules) LogSaved(rule.Title, by);
            return new RuleChange([head, .. rules.Select(static r => r.Id).Where(id => id != head)], faults);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes a rule of the installation; a correlation with the rules that were saved with it. What refers to it from elsewhere is blind then.</summary>
    /// <returns>False where there is no such rule, or it was shipped, or its file holds others too.</returns>
    public async Task<bool> DeleteAsync(string id, string by, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var current = _current;
            if (!current.ById.TryGetValue(id, out var rule) || !rule.IsUser) return false;
            var others = current.Rules.Where(r => r.Id != rule.Id && RuleFileText.SamePath(r.File, rule.File)).ToArray();
            if (others.Length > 0 && (rule.Correlation is null || RuleLinks.HeadOf([rule, .. others]) != rule.Id)) return false;
            File.Delete(rule.File);
            await LoadAsync(cancellation).ConfigureAwait(false);
            LogDeleted(rule.Title, by);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Writes down what the rules counted since the last time.</summary>
    public Task SaveCountersAsync(CancellationToken cancellation) => _states.SaveCountersAsync(_counters, cancellation);

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
        _metrics.Match();
    }

    internal void CountError(string id, string message)
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
        var states = await _states.ReadStatesAsync(cancellation).ConfigureAwait(false);
        var placeholders = PlaceholderFile.ReadFile(_options.PlaceholdersFile);
        var (read, found) = _files.Read(_options.ShippedRules, _options.UserRules, ReaderOptions(placeholders));
        var (pipelines, pipelineFaults) = SigmaPipelines.Read(Directory.Exists(_options.UserPipelines) ? _options.Pipelines.Prepend(_options.UserPipelines) : _options.Pipelines);
        List<SigmaFault> faults = [.. pipelineFaults, .. placeholders.Faults, .. found];
        bool IsOn(LoadedRule rule) => states.TryGetValue(rule.Id, out var enabled) ? enabled : rule.Status is not ("deprecated" or "unsupported");
        var rules = RuleLinks.ApplyFilters(read, IsOn, faults);
        var on = rules.ToLookup(IsOn);
        var set = RuleSet.Compile(RuleLinks.Sigma(on[true]), pipelines);
        var correlationsOn = on[true].Where(static r => r.Correlation is not null).Select(static r => r.Id).ToHashSet();
        var correlations = CorrelationSet.Compile(set, RuleLinks.Sigma(rules), RuleLinks.Correlations(rules), correlationsOn.Contains);
        faults.AddRange(correlations.Faults);
        _current = new Snapshot(
            rules, rules.ToFrozenDictionary(static r => r.Id, StringComparer.OrdinalIgnoreCase), on[false].Select(static r => r.Id).ToFrozenSet(StringComparer.OrdinalIgnoreCase), set,
            set.Rules.ToFrozenDictionary(static r => r.Rule.Id, StringComparer.OrdinalIgnoreCase),
            [.. rules.Where(static r => r.Scheduled is not null).Select(r => (r.Scheduled!, on[true].Contains(r)))], faults, new long[set.SeeingCount], correlations, pipelines);
        foreach (var rule in rules) CountersOf(rule.Id);
        foreach (var fault in faults.Where(static f => f.Severity == FaultSeverity.Error).Take(50)) LogFault(fault.ToString());
        LogLoaded(rules.Count, on[false].Count(), set.Rules.Count(static r => r.BlindReason is not null), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private RuleView View(Snapshot current, LoadedRule rule)
    {
        var counters = CountersOf(rule.Id);
        var enabled = !current.Off.Contains(rule.Id);
        if (rule.Scheduled is { } s)
        {
            return new RuleView(s.Id, s.Title, s.Description, s.Detector, s.Level, s.Status, s.Author, s.Tags, s.References, s.FalsePositives, "every " + s.Interval.ToString("g", System.Globalization.CultureInfo.InvariantCulture),
                enabled, null, s.Source, s.File, rule.IsUser, counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, null);
        }
        if (rule.Sigma is not { } sigma) return RuleViews.Of(rule, enabled, counters, current.Correlations);
        var compiled = current.Compiled.GetValueOrDefault(sigma.Id);
        var cost = Cost(current, compiled);
        return new RuleView(sigma.Id, sigma.Title, sigma.Description, "sigma", sigma.Level, sigma.Status, sigma.Author, sigma.Tags, sigma.References, sigma.FalsePositives, sigma.LogSource.ToString(),
            enabled, BlindReason(sigma, compiled, current.Pipelines), sigma.Source, sigma.File, rule.IsUser, counters.Matches, counters.Errors, counters.LastError, counters.LastMatch, cost)
        {
            Words = rule.Question, Filters = sigma.Filters, IsSilent = current.Correlations.IsSilent(sigma.Id),
        };
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

    private static string? BlindReason(SigmaRule rule, CompiledRule? compiled, SigmaPipelines pipelines) => compiled switch
    {
        null => RuleSet.BlindReasonOf(rule, pipelines),
        { IsSuspended: true } => $"suspended: {CompiledRule.MaxTimeouts} evaluations took too long; mend its regular expression",
        _ => compiled.BlindReason,
    };

    private static SigmaFault Fault(string message, string hint) => new("rule.yml", 1, 1, FaultCodes.Value, FaultSeverity.Error, message, hint);

    [LoggerMessage(2001, LogLevel.Information, "{Rules} rules loaded in {Milliseconds:0} ms; {Off} are off, {Blind} are blind")]
    private partial void LogLoaded(int rules, int off, int blind, double milliseconds);

    [LoggerMessage(2002, LogLevel.Warning, "Rule refused: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(2003, LogLevel.Information, "Rule '{Rule}' switched, on: {Enabled}, by {By}")]
    private partial void LogSwitched(string rule, bool enabled, string by);

    [LoggerMessage(2004, LogLevel.Information, "Rule '{Rule}' saved by {By}")]
    private partial void LogSaved(string rule, string by);

    [LoggerMessage(2005, LogLevel.Information, "Rule '{Rule}' deleted by {By}")]
    private partial void LogDeleted(string rule, string by);
}
