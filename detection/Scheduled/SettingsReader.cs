using System.Globalization;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <summary>Reads a map of settings, each once, and reports those that nobody asked for.</summary>
public sealed class SettingsReader
{
    private readonly YamlMap _map;
    private readonly FaultList _faults;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly int _before;

    internal SettingsReader(YamlMap map, FaultList faults) => (_map, _faults, _before) = (map, faults, faults.Errors);

    public bool HasErrors => _faults.Errors > _before;

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        YamlScalar { IsNull: false } scalar => scalar.Text,
        var other => Fault<string?>(other, $"'{name}' is text, not {other.Kind}"),
    };

    public IReadOnlyList<string> Texts(string name)
    {
        switch (Find(name))
        {
            case null: return [];
            case YamlScalar { IsNull: false } scalar: return [scalar.Text];
            case YamlList list when list.Items.All(static i => i is YamlScalar { IsNull: false }): return [.. list.Items.Cast<YamlScalar>().Select(static s => s.Text)];
            case var other: return Fault<IReadOnlyList<string>>(other, $"'{name}' is a list of text, not {other.Kind}") ?? [];
        }
    }

    /// <param name="fallback">Value where the setting is absent; null where it must be there.</param>
    public double Number(string name, double least, double most, double? fallback)
    {
        var node = Find(name);
        if (node is null)
        {
            if (fallback is null) _faults.Error(_map.Mark, FaultCodes.Missing, $"the setting '{name}' is missing", Range());
            return fallback ?? least;
        }
        if (node is YamlScalar { Type: ScalarKind.Number } scalar && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _faults.Error(node.Mark, FaultCodes.Value, $"'{name}' is not {Range()}");
        return least;

        Phrase Range() => $"a number from {least} to {most}";
    }

    /// <summary>A span as "30s", "5m", "2h" or "1d".</summary>
    public TimeSpan Span(string name, TimeSpan least, TimeSpan most, TimeSpan? fallback)
    {
        var node = Find(name);
        if (node is null)
        {
            if (fallback is null) _faults.Error(_map.Mark, FaultCodes.Missing, $"the setting '{name}' is missing", "write it as 30s, 5m, 2h or 1d");
            return fallback ?? least;
        }
        if (node is YamlScalar scalar && TryReadSpan(scalar.Text, out var span) && span >= least && span <= most) return span;
        _faults.Error(node.Mark, FaultCodes.Value, $"'{name}' is not a span of time from {least} to {most}", "write it as 30s, 5m, 2h or 1d");
        return least;
    }

    /// <summary>A map of names to spans; empty where it is absent.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Spans(string name, TimeSpan least, TimeSpan most)
    {
        switch (Find(name))
        {
            case null: return new Dictionary<string, TimeSpan>();
            case YamlMap map:
                var inner = new SettingsReader(map, _faults);
                return map.Entries.DistinctBy(static e => e.Key.Text).ToDictionary(static e => e.Key.Text, e => inner.Span(e.Key.Text, least, most, least), StringComparer.Ordinal);
            case var other: return Fault<IReadOnlyDictionary<string, TimeSpan>>(other, $"'{name}' is a map of names to spans, not {other.Kind}") ?? new Dictionary<string, TimeSpan>();
        }
    }

    public EventFilter Filter(string name)
    {
        var node = Find(name);
        if (node is null) return EventFilter.All;
        if (node is YamlMap map) return FilterReader.Read(map, _faults);
        _faults.Error(node.Mark, FaultCodes.Structure, $"'{name}' is a map of fields, not {node.Kind}");
        return EventFilter.All;
    }

    /// <summary>The events that a rule is about: 'filter', which must be there, without those of 'except'.</summary>
    public EventFilter Events()
    {
        var filter = Filter("filter");
        var except = Filter("except");
        if (filter is AllFilter) Fault("filter", "the setting 'filter' is missing: every event would count");
        return except is AllFilter ? filter : EventFilter.And(filter, new NotFilter(except));
    }

    /// <summary>Names of fields, each once.</summary>
    public IReadOnlyList<string> Fields(string name, int least, int most)
    {
        var fields = Texts(name);
        if (fields.Count < least || fields.Count > most) Fault(name, least == most ? (Phrase)$"'{name}' names {least} fields" : $"'{name}' names {least} to {most} fields, not {fields.Count}");
        if (fields.Distinct(StringComparer.OrdinalIgnoreCase).Count() < fields.Count) Fault(name, $"'{name}' names a field twice");
        return fields;
    }

    /// <summary>A list of maps, each with settings of its own; what is left unread in one is reported.</summary>
    public IReadOnlyList<T> Each<T>(string name, int least, int most, Func<SettingsReader, T> read)
    {
        var items = Find(name) switch
        {
            null => [],
            YamlList list => list.Items,
            var other => Fault<IReadOnlyList<YamlNode>>(other, $"'{name}' is a list of maps, not {other.Kind}") ?? [],
        };
        if (items.Count < least || items.Count > most) Fault(name, $"'{name}' has {least} to {most} entries, not {items.Count}");
        var all = new List<T>(items.Count);
        foreach (var item in items)
        {
            if (item is not YamlMap map)
            {
                _faults.Error(item.Mark, FaultCodes.Structure, $"an entry of '{name}' is a map, not {item.Kind}");
                continue;
            }
            var settings = new SettingsReader(map, _faults);
            all.Add(read(settings));
            settings.ReportUnread();
        }
        return all;
    }

    public void Fault(string name, Phrase message, Phrase? hint = null) => _faults.Error(Find(name)?.Mark ?? _map.Mark, FaultCodes.Value, message, hint);

    internal void Use(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) _read.Add(name);
    }

    internal YamlNode? Find(string name)
    {
        _read.Add(name);
        return _map.Find(name);
    }

    internal void ReportUnread()
    {
        foreach (var (key, _) in _map.Entries)
            if (!_read.Contains(key.Text)) _faults.Error(key.Mark, FaultCodes.Unknown, $"there is no setting '{YamlReader.Shorten(key.Text)}'", $"known are {string.Join(", ", _read.Order(StringComparer.Ordinal))}", FaultRemedy.Replace(key.Text, _read));
    }

    private T? Fault<T>(YamlNode node, Phrase message)
    {
        _faults.Error(node.Mark, FaultCodes.Structure, message);
        return default;
    }

    private static bool TryReadSpan(string text, out TimeSpan span)
    {
        span = default;
        if (text.Length is < 2 or > 10 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n)) return false;
        long? seconds = text[^1] switch { 's' => n, 'm' => n * 60L, 'h' => n * 3_600L, 'd' => n * 86_400L, _ => null };
        if (seconds is not { } value || value > 366L * 86_400) return false;
        span = TimeSpan.FromSeconds(value);
        return true;
    }
}
