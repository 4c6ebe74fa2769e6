using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

public sealed record ScheduledReadResult(IReadOnlyList<ScheduledRule> Rules, IReadOnlyList<SigmaFault> Faults);

/// <summary>Reads the files of scheduled rules: the header that Sigma has, and a detector with its settings. See docs/extending/rule.md.</summary>
public sealed class ScheduledRuleReader(IEnumerable<IScheduledDetector> detectors)
{
    public static readonly TimeSpan MaxWindow = TimeSpan.FromDays(7);
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MaxLateness = TimeSpan.FromDays(1);
    public static readonly TimeSpan DefaultLateness = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IScheduledDetector> _detectors = detectors.ToDictionary(static d => d.Name, StringComparer.Ordinal);

    public ScheduledReadResult Read(string file, string text)
    {
        var faults = new FaultList(file);
        var rules = new List<ScheduledRule>();
        var lines = new SourceLines(text);
        foreach (var document in YamlReader.Read(text, faults))
        {
            if (document.Root is YamlScalar { IsNull: true }) continue;
            var before = faults.Errors;
            if (document.Root is not YamlMap root) faults.Error(document.Root.Mark, FaultCodes.Structure, $"a rule is a map, not {document.Root.Kind}");
            else if (ReadRule(root, document, lines, faults) is { } rule && faults.Errors == before && !document.IsFaulty) rules.Add(rule);
        }
        if (rules.Count == 0 && faults.Errors == 0) faults.Error(YamlMark.Start, FaultCodes.Missing, "the file holds no rule");
        return new ScheduledReadResult(rules, faults.Faults);
    }

    /// <summary>True where the text's first document is of this kind and not a Sigma rule.</summary>
    public static bool IsScheduled(string text)
    {
        var documents = YamlReader.Read(text, new FaultList(""));
        return documents.Count > 0 && documents[0].Root is YamlMap map && map.Find("detector") is not null && map.Find("detection") is null;
    }

    private ScheduledRule? ReadRule(YamlMap root, YamlDocument document, SourceLines lines, FaultList faults)
    {
        var title = SigmaReader.Text(root, "title", faults);
        if (title.Length == 0) faults.Error(root.Mark, FaultCodes.Missing, "the rule has no title");
        var reader = new SettingsReader(root, faults);
        reader.Use("title", "id", "status", "description", "author", "references", "level", "tags", "falsepositives", "detector", "settings", "date", "modified", "license", "related");
        var window = reader.Span("window", TimeSpan.FromSeconds(1), MaxWindow, DefaultWindow);
        var interval = reader.Span("interval", TimeSpan.FromSeconds(1), window, window < DefaultInterval ? window : DefaultInterval);
        var lateness = reader.Span("lateness", TimeSpan.Zero, MaxLateness, DefaultLateness);
        var sources = reader.Spans("source-lateness", TimeSpan.Zero, MaxLateness);
        var suppression = ReadSuppression(reader, faults);
        var id = SigmaReader.Id(root, title, faults);
        var level = SigmaReader.Level(root, faults);
        var name = SigmaReader.Text(root, "detector", faults);
        reader.ReportUnread();
        if (!_detectors.TryGetValue(name, out var detector))
        {
            faults.Error(root.Find("detector")?.Mark ?? root.Mark, FaultCodes.Unknown, name.Length == 0 ? (Phrase)"the rule names no detector" : $"there is no detector '{YamlReader.Shorten(name)}'",
                $"the detectors are {string.Join(", ", _detectors.Keys.Order(StringComparer.Ordinal))}", name.Length == 0 ? null : FaultRemedy.Replace(name, _detectors.Keys));
            return null;
        }
        if (detector.ComparesIntervals && window != interval)
            faults.Error((root.Find("interval") ?? root.Find("window") ?? root).Mark, FaultCodes.Value, $"'{name}' compares each interval with those before it, and the window is longer than the interval", "give 'window' and 'interval' the same span");
        var node = root.Find("settings") ?? new YamlMap(root.Mark);
        if (node is not YamlMap map)
        {
            faults.Error(node.Mark, FaultCodes.Structure, $"'settings' is a map, not {node.Kind}");
            return null;
        }
        var settings = new SettingsReader(map, faults);
        var read = detector.ReadSettings(settings);
        settings.ReportUnread();
        if (read is null) return null;
        return new ScheduledRule
        {
            Id = id, Title = title, Status = SigmaReader.Text(root, "status", faults), Description = SigmaReader.Text(root, "description", faults),
            Author = SigmaReader.Text(root, "author", faults), References = SigmaReader.Texts(root, "references", faults), Level = level,
            Tags = SigmaReader.Texts(root, "tags", faults), FalsePositives = SigmaReader.Texts(root, "falsepositives", faults),
            Detector = name, Window = window, Interval = interval, Lateness = lateness, SourceLateness = sources, Suppression = suppression, Settings = read,
            File = faults.File, Source = lines.Slice(document.FirstLine, document.LastLine), Mark = root.Mark,
        };
    }

    /// <summary>A span, or a map of span and by.</summary>
    private static Suppression? ReadSuppression(SettingsReader reader, FaultList faults)
    {
        var (least, most) = (TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        switch (reader.Find("suppression"))
        {
            case null: return null;
            case YamlMap map:
                var before = faults.Errors;
                var settings = new SettingsReader(map, faults);
                var (span, by) = (settings.Span("span", least, most, null), settings.Texts("by"));
                settings.ReportUnread();
                return faults.Errors == before ? new Suppression(span, by) : null;
            default: return new Suppression(reader.Span("suppression", least, most, null), []);
        }
    }
}
