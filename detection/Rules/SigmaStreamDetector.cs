using System.Data.Common;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules.Stages;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Matches the catalog's rules on each event, and makes detections of what matched and of what correlations make of it.</summary>
internal sealed class SigmaStreamDetector(RuleCatalog catalog, DetectionMetrics metrics, StreamCorrelations correlations) : IStreamDetector
{
    /// <summary>Detections made of one event; the most severe are kept, the rest is counted as matches only.</summary>
    public const int MaxDetections = 100;

    /// <summary>Every so manyth event is timed, a power of two.</summary>
    private const int SampleEvery = 64;

    [ThreadStatic]
    private static List<CompiledRule>? _matches;

    [ThreadStatic]
    private static List<CompiledRule>? _faulted;

    private long _events;

    public void Detect(SecurityEvent e, ICollection<Detection> detections)
    {
        var matches = _matches ??= new List<CompiledRule>(16);
        var faulted = _faulted ??= new List<CompiledRule>(4);
        matches.Clear();
        faulted.Clear();
        var current = catalog.Current;
        metrics.Event();
        var sample = (Interlocked.Increment(ref _events) & (SampleEvery - 1)) == 0;
        if (sample) current.CountSample();
        current.Set.Match(e, matches, faulted, sample ? current.Cost : null);
        foreach (var rule in faulted) catalog.CountError(rule.Rule.Id, $"a regular expression took longer than {RegexCompiler.Limit.TotalMilliseconds:0} ms");
        if (matches.Count == 0) return;
        if (matches.Count > MaxDetections) matches.Sort(static (a, b) => b.Rule.Level.CompareTo(a.Rule.Level));
        SecurityEvent? copy = null;
        var made = 0;
        var isUsed = false;
        for (var i = 0; i < matches.Count; i++)
        {
            var rule = matches[i];
            catalog.CountMatch(rule.Rule.Id, e.Timestamp);
            isUsed |= current.Correlations.IsUsed(rule);
            if (current.Correlations.IsSilent(rule.Rule.Id) || made++ >= MaxDetections) continue;
            try
            {
                var detection = Describe(current.Set, rule, e, copy ??= e.Clone());
                if (current.StageOf(rule.Rule.Id) == RuleStage.Staged) catalog.CountStaged(detection);
                else detections.Add(detection);
            }
            catch (Exception fault)
            {
                // The boundary of what others write: one rule's fault must not take the next rule's detection with it.
                catalog.CountError(rule.Rule.Id, Phrase.Plain(fault.Message));
            }
        }
        if (isUsed) correlations.Observe(current.Correlations, matches, e, ref copy, detections);
    }

    public void Advance(DateTimeOffset clock, ICollection<Detection> detections) => correlations.Advance(catalog.Current.Correlations, clock, detections);

    public Action<DbTransaction>? TakeChanges() => correlations.TakeChanges();

    private static Detection Describe(RuleSet set, CompiledRule compiled, SecurityEvent e, SecurityEvent copy)
    {
        var rule = compiled.Rule;
        var primary = Entities.Primary(e);
        return new Detection
        {
            Id = DetectionIds.Of(rule.Id, e.Id.ToString()), RuleId = rule.Id, RuleTitle = rule.Title, RuleDescription = rule.Description, RuleKind = "sigma",
            Severity = rule.Level, Tags = rule.Tags, FalsePositives = rule.FalsePositives, Time = e.Timestamp, Received = e.Received, Entity = primary,
            Related = [.. Entities.All(e).Where(r => r != primary)], Event = copy, Matched = set.Explain(e, compiled), Summary = Sentence.Of(rule.Title, e),
        };
    }
}
