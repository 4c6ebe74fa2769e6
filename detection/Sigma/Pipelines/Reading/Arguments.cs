using System.Globalization;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>The keys of a transformation or a condition. Each is read once; what nobody read is reported, so that a misspelt key is no key that does nothing.</summary>
/// <param name="what">What they belong to, for messages: "the transformation 'replace_string'".</param>
internal sealed class Arguments(YamlMap map, Phrase what, FaultList faults)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public YamlMark Mark => map.Mark;
    public FaultList Faults => faults;
    public Phrase What => what;

    public YamlNode? Node(string key)
    {
        _read.Add(key);
        return map.Find(key) is YamlScalar { IsNull: true } ? null : map.Find(key);
    }

    public bool Has(string key) => map.Entries.Any(e => e.Key.Text == key);

    /// <summary>Text, or null where the key is absent or was reported.</summary>
    public string? Text(string key, bool required = false)
    {
        switch (Node(key))
        {
            case null or YamlScalar { IsNull: true }:
                if (required) Missing(key);
                return null;
            case YamlScalar scalar:
                return scalar.Text;
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, $"'{key}' of {what} is text, not {other.Kind}");
                return null;
        }
    }

    public bool Flag(string key)
    {
        switch (Node(key))
        {
            case null: return false;
            case YamlScalar { Type: ScalarKind.Boolean } scalar: return scalar.Text[0] is 't' or 'T';
            case var other:
                faults.Error(other.Mark, FaultCodes.Value, $"'{key}' of {what} is true or false");
                return false;
        }
    }

    public int Number(string key, int otherwise)
    {
        switch (Node(key))
        {
            case null: return otherwise;
            case YamlScalar { Type: ScalarKind.Number } scalar when int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number): return number;
            case var other:
                faults.Error(other.Mark, FaultCodes.Value, $"'{key}' of {what} is a whole number");
                return otherwise;
        }
    }

    /// <summary>One of the words given.</summary>
    public string? Choice(string key, string? otherwise, params string[] choices)
    {
        if (Text(key) is not { } text)
        {
            if (otherwise is null) Missing(key);
            return otherwise;
        }
        if (choices.Contains(text)) return text;
        faults.Error(Node(key)!.Mark, FaultCodes.Value, $"'{YamlReader.Shorten(text)}' is no '{key}' of {what}", $"it is one of {string.Join(", ", choices)}");
        return otherwise;
    }

    /// <summary>A text, or a list of texts; null where the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key, bool required = false)
    {
        var node = Node(key);
        if (node is null or YamlScalar { IsNull: true })
        {
            if (required) Missing(key);
            return null;
        }
        return TextsOf(node, $"'{key}' of {what}");
    }

    public IReadOnlyList<string>? TextsOf(YamlNode node, Phrase name)
    {
        switch (node)
        {
            case YamlScalar scalar: return [scalar.Text];
            case YamlList list when list.Items.Count <= PipelineLimits.Entries && list.Items.All(static i => i is YamlScalar { IsNull: false }): return [.. list.Items.Cast<YamlScalar>().Select(static s => s.Text)];
            default:
                faults.Error(node.Mark, FaultCodes.Structure, $"{name} is text, or a list of at most {PipelineLimits.Entries} texts");
                return null;
        }
    }

    /// <summary>A scalar of any type.</summary>
    public Constant? Constant(string key)
    {
        _read.Add(key);
        switch (map.Find(key))
        {
            case null:
                Missing(key);
                return null;
            case YamlScalar scalar: return Reading.Constant.Of(scalar);
            case var other:
                faults.Error(other.Mark, FaultCodes.Unsupported, $"'{key}' of {what} is text, a number, a boolean or null, not {other.Kind}");
                return null;
        }
    }

    public YamlMap? Map(string key, bool required = false)
    {
        switch (Node(key))
        {
            case null:
                if (required) Missing(key);
                return null;
            case YamlMap { Entries.Count: <= PipelineLimits.Entries } found: return found;
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, $"'{key}' of {what} is a map of at most {PipelineLimits.Entries} entries");
                return null;
        }
    }

    public void Missing(string key) => faults.Error(map.Mark, FaultCodes.Missing, $"{what} needs '{key}'");

    public void Error(string key, string code, Phrase message, Phrase? hint = null) => faults.Error(map.Find(key)?.Mark ?? map.Mark, code, message, hint);

    /// <summary>Reports every key that was not read.</summary>
    public void RefuseRest()
    {
        foreach (var (key, _) in map.Entries)
        {
            if (_read.Contains(key.Text)) continue;
            faults.Error(key.Mark, FaultCodes.Unknown, $"{what} knows no '{YamlReader.Shorten(key.Text)}'", _read.Count == 0 ? Phrase.Empty : $"it knows {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
        }
    }
}
