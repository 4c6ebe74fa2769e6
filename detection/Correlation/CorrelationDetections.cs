using System.Globalization;
using System.Text;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>Makes the detection of a hit, with its evidence and a sentence for the operator.</summary>
internal static class CorrelationDetections
{
    private const string Stamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly (string Word, EntityKind Kind)[] KindsByWord =
    [
        ("user", EntityKind.User), ("account", EntityKind.User), ("computer", EntityKind.Host), ("host", EntityKind.Host), ("hostname", EntityKind.Host), ("workstation", EntityKind.Host),
        ("ip", EntityKind.Address), ("address", EntityKind.Address), ("ipaddress", EntityKind.Address),
    ];

    /// <param name="e">A copy of the event that completed it, or null where only time did.</param>
    /// <param name="received">When what decided it was received.</param>
    public static Detection Of(CorrelationHit hit, SecurityEvent? e, DateTimeOffset received)
    {
        var rule = hit.Rule;
        Entity[] group = [.. hit.Group.Where(static g => g.Value.Length > 0).Select(static g => Entity.Of(KindOf(g.Key, g.Value), g.Value)).Distinct()];
        var primary = group.Length > 0 ? group[0] : e is not null ? Entities.Primary(e) : Entity.Of(EntityKind.Other, rule.Title);
        IEnumerable<Entity> seen = e is null ? [] : Entities.All(e);
        return new Detection
        {
            Id = hit.Id, RuleId = rule.Id, RuleTitle = rule.Title, RuleDescription = rule.Description, RuleKind = "correlation", Severity = hit.Level, Tags = rule.Tags,
            FalsePositives = rule.FalsePositives, Time = hit.Time, Received = received, Entity = primary,
            Related = [.. group.Concat(seen).Where(r => r != primary).Distinct()], Event = e, Facts = Facts(hit), Summary = Sentence(hit),
        };
    }

    private static Dictionary<string, string> Facts(CorrelationHit hit)
    {
        var rule = hit.Rule;
        var facts = new Dictionary<string, string>
        {
            [Word(rule.Type)] = Number(hit.Number), ["threshold"] = rule.Condition.ToString(), ["timespan"] = SigmaTimespan.Text(rule.Timespan), ["events"] = hit.Events.ToString(CultureInfo.InvariantCulture),
            ["first"] = hit.First.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture), ["last"] = hit.Last.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture),
        };
        if (rule.Condition.Fields.Length > 0) facts["field"] = string.Join(", ", rule.Condition.Fields);
        foreach (var (field, value) in hit.Group) facts.TryAdd(field, value);
        for (var i = 0; i < hit.Evidence.Count; i++)
        {
            var part = hit.Evidence[i];
            facts["event " + (i + 1).ToString("00", CultureInfo.InvariantCulture)] = $"{part.Time.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)} {part.Rule} {part.Id:D}";
        }
        return facts;
    }

    /// <summary>"Password spraying: 12 different values of user.name within 5m, source.ip 203.0.113.9".</summary>
    private static string Sentence(CorrelationHit hit)
    {
        var rule = hit.Rule;
        var text = new StringBuilder(rule.Title).Append(": ");
        var field = rule.Condition.Fields.Length == 0 ? "" : string.Join(" and ", rule.Condition.Fields);
        text.Append(rule.Type switch
        {
            SigmaCorrelationType.EventCount => $"{Number(hit.Number)} events",
            SigmaCorrelationType.ValueCount => $"{Number(hit.Number)} different values of {field}",
            SigmaCorrelationType.ValueSum => $"{field} adds up to {Number(hit.Number)}",
            SigmaCorrelationType.ValueAverage => $"{field} is {Number(hit.Number)} on average",
            SigmaCorrelationType.ValueMedian => $"the median of {field} is {Number(hit.Number)}",
            SigmaCorrelationType.ValuePercentile => $"the {Number(rule.Condition.Percentile)}th percentile of {field} is {Number(hit.Number)}",
            SigmaCorrelationType.TemporalOrdered => $"{Number(hit.Number)} of {rule.Rules.Length} rules matched in order",
            _ => $"{Number(hit.Number)} of {rule.Rules.Length} rules matched",
        });
        text.Append(" within ").Append(SigmaTimespan.Text(rule.Timespan));
        foreach (var (name, value) in hit.Group) text.Append(", ").Append(name).Append(' ').Append(value.Length <= 80 ? value : value[..80] + "…");
        return text.ToString();
    }

    private static string Word(SigmaCorrelationType type) => type switch
    {
        SigmaCorrelationType.EventCount => "count",
        SigmaCorrelationType.ValueCount => "values",
        SigmaCorrelationType.ValueSum => "sum",
        SigmaCorrelationType.ValueAverage => "average",
        SigmaCorrelationType.ValuePercentile => "percentile",
        SigmaCorrelationType.ValueMedian => "median",
        _ => "rules",
    };

    private static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>By the last part of the field's name that says what it holds: TargetUserName, source.ip, ComputerName.</summary>
    private static EntityKind KindOf(string field, string value)
    {
        var name = field.ToLowerInvariant();
        if (System.Net.IPAddress.TryParse(value, out _) && (value.Contains('.', StringComparison.Ordinal) || value.Contains(':', StringComparison.Ordinal))) return EntityKind.Address;
        var best = (At: -1, Kind: EntityKind.Other);
        foreach (var (word, kind) in KindsByWord)
        {
            var at = name.LastIndexOf(word, StringComparison.Ordinal);
            if (at > best.At && (word.Length > 2 || name.EndsWith("." + word, StringComparison.Ordinal) || name == word)) best = (at, kind);
        }
        return best.Kind;
    }
}
