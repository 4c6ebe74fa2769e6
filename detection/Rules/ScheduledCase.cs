using System.Globalization;
using Beacon.Detections.Matching;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>One case of a scheduled rule: events or sources, and the detections that must come of them, neither more nor fewer.</summary>
internal sealed class ScheduledCase : ISourceActivity
{
    /// <summary>Events of one case.</summary>
    public const int MaxEvents = 100_000;

    private const string Form = "a case is a map of name, events (maps of fields, each with @timestamp; or of event, times and every), detections (a list of maps of entity and facts, empty for a near miss), from and to where it looks at other times, and indicators and assets where the rule asks for them";

    private readonly List<SecurityEvent> _events = [];
    private readonly List<SourceActivity> _sources = [];
    private readonly List<IReadOnlyDictionary<string, string>> _expected = [];

    private ScheduledCase(string name, YamlMark mark, CaseSurroundings surroundings) => (Name, Mark, Surroundings) = (name, mark, surroundings);

    public string Name { get; }
    public YamlMark Mark { get; }
    public CaseSurroundings Surroundings { get; }
    public IReadOnlyList<SecurityEvent> Events => _events;
    public IReadOnlyList<SourceActivity> Sources => _sources;
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Expected => _expected;

    /// <summary>The earliest and the latest of what is seeded.</summary>
    public DateTimeOffset From { get; private set; } = DateTimeOffset.MaxValue;
    public DateTimeOffset To { get; private set; } = DateTimeOffset.UnixEpoch;
    public DateTimeOffset? LooksFrom { get; private set; }
    public DateTimeOffset? LooksTo { get; private set; }

    public static IReadOnlyList<ScheduledCase> ReadAll(string text, FaultList faults)
    {
        var documents = YamlReader.Read(text, faults);
        if (documents.Count != 1 || documents[0].Root is not YamlList list)
        {
            faults.Error(YamlMark.Start, FaultCodes.Structure, "cases are one list");
            return [];
        }
        var before = faults.Errors;
        var cases = new List<ScheduledCase>();
        foreach (var item in list.Items)
        {
            if (item is not YamlMap map || map.Find("detections") is not YamlList detections || (map.Find("events") is null && map.Find("sources") is null))
            {
                faults.Error(item.Mark, FaultCodes.Case, Form);
                continue;
            }
            var name = map.Find("name") is YamlScalar { IsNull: false } given ? given.Text : string.Create(CultureInfo.InvariantCulture, $"line {item.Mark.Line}");
            var settings = new SettingsReader(map, faults);
            settings.Use("name", "detections");
            var one = new ScheduledCase(name, item.Mark, CaseSurroundings.Read(settings));
            (one.LooksFrom, one.LooksTo) = (Instant(settings, "from", faults), Instant(settings, "to", faults));
            foreach (var node in Maps(settings, "events", faults)) one.ReadEvent(node, faults);
            foreach (var node in Maps(settings, "sources", faults)) one.ReadSource(node, faults);
            settings.ReportUnread();
            foreach (var node in detections.Items)
            {
                if (node is not YamlMap expected || expected.Entries.Any(static e => e.Value is not YamlScalar)) faults.Error(node.Mark, FaultCodes.Case, "a detection is a map of entity and facts");
                else one._expected.Add(expected.Entries.ToDictionary(static e => e.Key.Text, static e => ((YamlScalar)e.Value).Text, StringComparer.Ordinal));
            }
            if (one.From > one.To) faults.Error(item.Mark, FaultCodes.Case, "the case has no time: seed an event or a source");
            cases.Add(one);
        }
        return faults.Errors == before ? cases : [];
    }

    /// <summary>What is missing, and what should not be there.</summary>
    public IReadOnlyList<Phrase> Compare(IEnumerable<Detection> detections)
    {
        var left = detections.OrderBy(static d => d.Time).ToList();
        var differences = new List<Phrase>();
        foreach (var expected in _expected)
        {
            var found = left.FindIndex(d => expected.All(e => ValueOf(d, e.Key) == e.Value));
            if (found >= 0) left.RemoveAt(found);
            else differences.Add($"missing: {string.Join(", ", expected.Select(static e => $"{e.Key} {e.Value}"))}");
        }
        foreach (var detection in left.Take(20)) differences.Add($"not expected: {detection.Summary} (entity {detection.Entity.Value}, {string.Join(", ", detection.Facts.Select(static f => $"{f.Key} {f.Value}"))})");
        return differences;
    }

    private static string? ValueOf(Detection detection, string name) => name switch
    {
        "entity" => detection.Entity.Value,
        "time" => detection.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        _ => detection.Facts.GetValueOrDefault(name),
    };

    private void ReadEvent(YamlMap map, FaultList faults)
    {
        var (fields, times, every) = (map, 1, TimeSpan.Zero);
        if (map.Find("event") is YamlMap inner)
        {
            var settings = new SettingsReader(map, faults);
            settings.Use("event");
            (fields, times, every) = (inner, (int)settings.Number("times", 1, MaxEvents, 1), settings.Span("every", TimeSpan.FromSeconds(1), TimeSpan.FromDays(366), TimeSpan.FromSeconds(1)));
            settings.ReportUnread();
        }
        if (fields.Find(FieldReader.TimestampName) is not YamlScalar at || !TryTime(at.Text, out var time))
        {
            faults.Error(fields.Mark, FaultCodes.Case, "an event has an @timestamp such as 2026-01-01T00:00:05Z");
            return;
        }
        for (var i = 0; i < times; i++)
        {
            if (_events.Count >= MaxEvents)
            {
                faults.Error(map.Mark, FaultCodes.Case, $"a case has at most {MaxEvents} events");
                return;
            }
            var e = RuleCases.EventOf(fields, name => name.Replace("{n}", (i + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            e.Timestamp = e.Received = time + (every * i);
            e.Sequence = _events.Count + 1;
            e.Id = SecurityEventId.From(1, e.Sequence);
            if (e.Source.Length == 0) e.Source = "case";
            Include(e.Timestamp);
            _events.Add(e);
        }
    }

    private void ReadSource(YamlMap map, FaultList faults)
    {
        var settings = new SettingsReader(map, faults);
        var id = settings.Text("id") ?? "";
        var last = Instant(settings, "last", faults);
        var every = settings.Span("every", TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), null);
        var until = Instant(settings, "until", faults);
        settings.ReportUnread();
        if (id.Length == 0 || last is null)
        {
            faults.Error(map.Mark, FaultCodes.Case, "a source has an id, the time of its last frame (last), the span between two of them (every), and may have a time until which it is watched (until)");
            return;
        }
        _sources.Add(new SourceActivity(id, id, last, last, every, 1));
        Include(last.Value);
        Include(until ?? last.Value);
    }

    private void Include(DateTimeOffset time)
    {
        if (time < From) From = time;
        if (time > To) To = time;
    }

    private static IEnumerable<YamlMap> Maps(SettingsReader settings, string name, FaultList faults)
    {
        if (settings.Find(name) is not { } node) yield break;
        if (node is not YamlList list || !list.Items.All(static i => i is YamlMap))
        {
            faults.Error(node.Mark, FaultCodes.Case, $"'{name}' is a list of maps");
            yield break;
        }
        foreach (var item in list.Items) yield return (YamlMap)item;
    }

    private static DateTimeOffset? Instant(SettingsReader settings, string name, FaultList faults)
    {
        if (settings.Text(name) is not { } text) return null;
        if (TryTime(text, out var time)) return time;
        faults.Error(settings.Find(name)!.Mark, FaultCodes.Value, $"'{name}' is not a time", "write it as 2026-01-01T00:00:05Z");
        return null;
    }

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
