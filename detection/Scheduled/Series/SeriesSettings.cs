using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Series;

/// <summary>What the detectors over series have in common: which numbers, by which group, against how long a past.</summary>
/// <param name="Filter">Events that count.</param>
/// <param name="GroupBy">Fields whose values make a group with a series of its own, 0 to 5.</param>
/// <param name="Sum">Field that is summed instead of counting events, or null.</param>
/// <param name="History">How far back the series goes, 1 hour to 90 days.</param>
/// <param name="Most">Groups watched, those with the most events, 1 to 10,000.</param>
internal sealed record SeriesSettings(EventFilter Filter, IReadOnlyList<string> GroupBy, string? Sum, TimeSpan History, int Most)
{
    public string Measure => Sum is null ? "events" : "sum of " + Sum;

    public static SeriesSettings Read(SettingsReader settings, TimeSpan history, int most) => new(
        settings.Events(), settings.Fields("group-by", 0, 5), settings.Text("sum"),
        settings.Span("history", TimeSpan.FromHours(1), Findings.History.Most, history), (int)settings.Number("groups", 1, 10_000, most));
}
