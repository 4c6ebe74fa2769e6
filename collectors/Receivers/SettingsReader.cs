using System.Globalization;
using System.Net;
using System.Text.Json;
using Beacon.Collectors.Sources;
using Beacon.Events;

namespace Beacon.Collectors.Receivers;

/// <summary>Reads a source's settings and notes every fault: wrong kinds, values out of range, keys nobody knows.</summary>
internal sealed class SettingsReader
{
    private readonly JsonElement _settings;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<SourceFault> _faults = [];

    public SettingsReader(JsonElement settings)
    {
        _settings = settings;
        if (settings.ValueKind != JsonValueKind.Object) _faults.Add(new SourceFault("settings", "is not a JSON object"));
    }

    public int Integer(string key, int fallback, int min, int max)
    {
        if (!TryGet(key, out var value)) return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max) return number;
        Fault(key, $"is not a whole number from {min} to {max}");
        return fallback;
    }

    public IPAddress Address(string key, string fallback)
    {
        var text = Text(key, fallback, 64);
        if (IPAddress.TryParse(text, out var address)) return address;
        Fault(key, "is not an IPv4 or IPv6 address");
        return IPAddress.Loopback;
    }

    public string Text(string key, string fallback, int maxLength)
    {
        if (!TryGet(key, out var value)) return fallback;
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= maxLength) return value.GetString()!;
        Fault(key, $"is not a text of at most {maxLength} characters");
        return fallback;
    }

    public string Choice(string key, string fallback, params string[] choices)
    {
        var text = Text(key, fallback, 64);
        if (choices.Contains(text)) return text;
        Fault(key, $"is none of {string.Join(", ", choices)}");
        return fallback;
    }

    public IReadOnlyList<string> Texts(string key, int maxCount, int maxLength)
    {
        if (!TryGet(key, out var value))
        {
            Fault(key, "is missing");
            return [];
        }
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 || value.GetArrayLength() > maxCount
            || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String || v.GetString()!.Length is 0 || v.GetString()!.Length > maxLength))
        {
            Fault(key, $"is not a list of 1 to {maxCount} texts of at most {maxLength} characters");
            return [];
        }
        return [.. value.EnumerateArray().Select(v => v.GetString()!)];
    }

    public void Fault(string key, Phrase message) => _faults.Add(new SourceFault("settings." + key, message));

    public IReadOnlyList<SourceFault> Finish()
    {
        if (_settings.ValueKind == JsonValueKind.Object)
            foreach (var property in _settings.EnumerateObject())
                if (!_known.Contains(property.Name))
                    Fault(property.Name, _known.Count == 0 ? (Phrase)"is unknown; this kind of source has no settings" : $"is unknown; known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        return _faults;
    }

    private bool TryGet(string key, out JsonElement value)
    {
        _known.Add(key);
        value = default;
        return _settings.ValueKind == JsonValueKind.Object && _settings.TryGetProperty(key, out value);
    }
}
