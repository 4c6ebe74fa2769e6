using Beacon.Events;

namespace Beacon.Detections.Scheduled.Findings;

/// <summary>
/// What a detector found, told in the same words by all of them: what was expected, what was seen, how unlikely that is, and against which history.
/// </summary>
/// <param name="window">The look that found it.</param>
/// <param name="cause">What makes it this detection and no other, beside the rule: the same cause gives the same id.</param>
internal sealed class Finding(EvaluationWindow window, params IReadOnlyList<string> cause)
{
    private readonly Dictionary<string, string> _facts = [];

    public required DateTimeOffset Time { get; init; }
    public required Entity Entity { get; init; }
    public required string Summary { get; init; }
    public IEnumerable<Entity> Related { get; init; } = [];
    public SecurityEvent? Event { get; init; }
    public DetectionChart? Chart { get; init; }

    /// <summary>What was expected, what was seen instead, how unlikely that is, and what it was compared with.</summary>
    public Finding Because(string expected, string seen, string unlikely, string history)
    {
        _facts["expected"] = expected;
        _facts["seen"] = seen;
        _facts["unlikely"] = unlikely;
        _facts["history"] = history;
        return this;
    }

    public Finding With(string fact, string value)
    {
        _facts[fact] = value;
        return this;
    }

    public Finding With(IReadOnlyList<string> fields, IReadOnlyList<string> values)
    {
        for (var i = 0; i < fields.Count; i++) _facts[fields[i]] = values[i];
        return this;
    }

    /// <param name="received">Time of receipt where no event says it.</param>
    public Detection ToDetection(DateTimeOffset received)
    {
        var rule = window.Rule;
        _facts["window.start"] = Wording.Time(window.Fresh.From);
        _facts["window.end"] = Wording.Time(window.Fresh.To);
        var related = Event is null ? Related : Related.Concat(Entities.All(Event));
        return new Detection
        {
            Id = DetectionIds.Of([rule.Id, rule.Detector, .. cause]), RuleId = rule.Id, RuleTitle = rule.Title, RuleDescription = rule.Description, RuleKind = rule.Detector,
            Severity = rule.Level, Tags = rule.Tags, FalsePositives = rule.FalsePositives, Time = Time, Received = Event?.Received ?? received, Entity = Entity,
            Related = [.. related.Where(r => r != Entity).Distinct()], Event = Event?.Clone(), Facts = _facts, Chart = Chart, Summary = Summary,
        };
    }
}
