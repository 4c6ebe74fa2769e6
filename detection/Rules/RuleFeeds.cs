using Beacon.Detections.Queries;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Scheduled;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Something that a rule needs events of.</summary>
/// <param name="Name">"windows / process_creation", or what a scheduled rule's filter asks.</param>
/// <param name="Filter">Passes the events that feed it.</param>
public sealed record RuleFeed(string Name, EventFilter Filter);

/// <summary>A feed and the rules that are evaluated over it.</summary>
public sealed record FedRules(RuleFeed Feed, IReadOnlyList<RuleView> Rules);

/// <summary>Which events rules look at, so that the store can be asked whether there are any.</summary>
public sealed class RuleFeeds(RuleCatalog catalog, IEnumerable<IScheduledDetector> detectors)
{
    /// <summary>Feeds of one rule that are named.</summary>
    public const int MaxFeeds = 10;

    /// <summary>Feeds of all rules together.</summary>
    public const int MaxAll = 300;

    private readonly Dictionary<string, IScheduledDetector> _detectors = detectors.ToDictionary(static d => d.Name, StringComparer.Ordinal);

    /// <summary>The feeds of a rule; of a correlation, those of the rules that it joins. Empty where it looks at no events.</summary>
    public IReadOnlyList<RuleFeed> Of(string id)
    {
        var current = catalog.Current;
        if (!current.ById.TryGetValue(id, out var rule)) return [];
        if (rule.Scheduled is { } scheduled) return Of(scheduled);
        return [.. RuleLinks.Needed(current.Rules, rule).Where(static r => r.Sigma is not null).Select(r => new RuleFeed(r.Sigma!.LogSource.ToString(), RuleQuery.SourceOf(r.Sigma!, current.Pipelines))).DistinctBy(static f => f.Name).Take(MaxFeeds)];
    }

    /// <summary>Every feed of the rules that see events as they come, each once, the one that most rules need first; at most <see cref="MaxAll"/>.</summary>
    public IReadOnlyList<FedRules> Evaluated() =>
        [.. catalog.Rules.Where(static r => r.Stage.IsEvaluated()).SelectMany(r => Of(r.Id).Select(f => (Feed: f, Rule: r))).GroupBy(static p => p.Feed.Name, StringComparer.Ordinal)
            .Select(static g => new FedRules(g.First().Feed, [.. g.Select(static p => p.Rule)])).OrderByDescending(static f => f.Rules.Count).ThenBy(static f => f.Feed.Name, StringComparer.Ordinal).Take(MaxAll)];

    private IReadOnlyList<RuleFeed> Of(ScheduledRule rule)
    {
        // A window of its own length: only what it asks of events counts.
        var window = new EvaluationWindow(rule, new TimeRange(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch + rule.Window)) { SeenUpTo = DateTimeOffset.MaxValue };
        try
        {
            return [.. _detectors[rule.Detector].Queries(window).Select(static q => q.Filter).Where(static f => f is not AllFilter).Distinct().Select(static f => new RuleFeed(FilterText.Of(f), f)).DistinctBy(static f => f.Name).Take(MaxFeeds)];
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            // A detector that can't say without more of its surroundings.
            return [];
        }
    }
}
