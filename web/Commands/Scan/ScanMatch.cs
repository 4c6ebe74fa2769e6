using Beacon.Detections.Correlation;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Web.Commands.Scan;

/// <summary>A rule or correlation, as far as a scan shows it.</summary>
internal sealed record ScanRule(string Id, string Title, Severity Level, IReadOnlyList<string> Tags)
{
    public static ScanRule Of(SigmaRule rule) => new(rule.Id, rule.Title, rule.Level, rule.Tags);
}

/// <summary>A rule matched an event of a scanned log.</summary>
/// <param name="Event">The log's name, '#', and the event's label in it; of a correlation the event that completed it.</param>
/// <param name="Host">Whose event it is, or empty.</param>
/// <param name="Matched">Where it matched; empty where that was not asked for.</param>
internal sealed record ScanMatch(string Event, ScanRule Rule, DateTimeOffset Time, string Host, IReadOnlyList<MatchedField> Matched)
{
    public string Level => Rule.Level.ToString().ToLowerInvariant();

    public static ScanMatch Of(CorrelationHit hit) => new(
        hit.Evidence.Count == 0 ? "" : hit.Evidence[^1].Label, new ScanRule(hit.Rule.Id, hit.Rule.Title, hit.Level, hit.Rule.Tags), hit.Time,
        hit.Group.FirstOrDefault(static g => g.Key is "host.name" or "Computer" or "winlog.computer_name" or "host").Value ?? "",
        [.. hit.Group.Select(static g => new MatchedField("group-by", g.Key, g.Value, 0, 0))]);
}
