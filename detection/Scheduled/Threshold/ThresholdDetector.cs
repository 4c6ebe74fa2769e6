using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Threshold;

/// <summary>At least so many events, or different values of a field, in one group within the window.</summary>
internal sealed class ThresholdDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Detections of one window; the largest groups are kept and the fact is told.</summary>
    public const int MaxGroups = 1_000;

    /// <summary>Groups with late events that a look again compares with; beyond it, those with few late events wait for the next that touches them.</summary>
    private const int MaxNewGroups = 10_000;

    private const int MaxGroupBy = 5;

    public string Name => "threshold";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Events();
        var groupBy = settings.Texts("group-by");
        if (groupBy.Count > MaxGroupBy) settings.Fault("group-by", $"at most {MaxGroupBy} fields make a group");
        var distinct = settings.Text("distinct");
        var atLeast = (long)settings.Number("at-least", 1, 1_000_000_000, null);
        return settings.HasErrors ? null : new ThresholdSettings(filter, groupBy, distinct, atLeast);
    }

    public IReadOnlyList<GroupQuery> Queries(EvaluationWindow window)
    {
        var settings = (ThresholdSettings)window.Rule.Settings;
        var all = new GroupQuery(settings.Filter, window.Range, settings.GroupBy, settings.Distinct, settings.AtLeast, MaxGroups);
        return window.NewSince is null ? [all] : [all, new GroupQuery(window.New(settings.Filter), window.Range, settings.GroupBy, null, 1, MaxNewGroups)];
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (ThresholdSettings)window.Rule.Settings;
        var groups = answers[0];
        var touched = answers.Count > 1 ? answers[1].Select(static g => KeyOf(g)).ToHashSet(StringComparer.Ordinal) : null;
        var detections = new List<Detection>();
        foreach (var group in groups)
        {
            // What has nothing in the last interval stood in the window before; what has nothing new was judged at an earlier look.
            if (!window.Fresh.Contains(group.Last) || (touched is not null && !touched.Contains(KeyOf(group)))) continue;
            var sample = await store.GetAsync(group.Sample, cancellation).ConfigureAwait(false);
            detections.Add(Describe(window, settings, group, sample, truncated: groups.Count == MaxGroups));
        }
        return new EvaluationResult(detections, groups.Sum(static g => g.Events));
    }

    private static string KeyOf(GroupCount group) => string.Join('\u001f', group.Key);

    private Detection Describe(EvaluationWindow window, ThresholdSettings settings, GroupCount group, SecurityEvent? sample, bool truncated)
    {
        var rule = window.Rule;
        var facts = new Dictionary<string, string>
        {
            ["count"] = group.Count.ToString(CultureInfo.InvariantCulture),
            ["threshold"] = settings.AtLeast.ToString(CultureInfo.InvariantCulture),
            ["events"] = group.Events.ToString(CultureInfo.InvariantCulture),
            ["window.start"] = window.Range.From.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["window.end"] = window.Range.To.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["first"] = group.First.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["last"] = group.Last.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        if (settings.Distinct is not null) facts["counted"] = settings.Distinct;
        for (var i = 0; i < settings.GroupBy.Count; i++) facts[settings.GroupBy[i]] = group.Key[i];
        if (truncated) facts["truncated"] = $"only the {MaxGroups} largest groups are shown";
        var entity = settings.GroupBy.Count > 0 ? Entity.Of(EntityFields.KindOf(settings.GroupBy[0]), group.Key[0]) : sample is not null ? Entities.Primary(sample) : Entity.Of(EntityKind.Other, rule.Title);
        var related = sample is null ? [] : Entities.All(sample).ToList();
        for (var i = 1; i < settings.GroupBy.Count; i++)
            if (EntityFields.KindOf(settings.GroupBy[i]) is var kind and not EntityKind.Other) related.Add(Entity.Of(kind, group.Key[i]));
        var what = settings.Distinct is null ? "events" : "different values of " + settings.Distinct;
        var whose = settings.GroupBy.Count == 0 ? "" : " of " + string.Join(", ", settings.GroupBy.Select((f, i) => $"{f} {group.Key[i]}"));
        return new Detection
        {
            Id = DetectionIds.Of([rule.Id, facts["window.start"], facts["window.end"], .. group.Key]),
            RuleId = rule.Id, RuleTitle = rule.Title, RuleDescription = rule.Description, RuleKind = Name, Severity = rule.Level, Tags = rule.Tags,
            FalsePositives = rule.FalsePositives, Time = group.Last, Received = sample?.Received ?? time.GetUtcNow(), Entity = entity,
            Related = [.. related.Distinct().Where(r => r != entity)], Event = sample?.Clone(), Facts = facts,
            Summary = string.Create(CultureInfo.InvariantCulture, $"{rule.Title}: {group.Count} {what}{whose} within {Wording.Span(rule.Window)}"),
        };
    }
}
