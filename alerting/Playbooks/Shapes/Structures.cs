using System.Text.Json;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Shapes;

/// <param name="distinct">No entry twice.</param>
internal sealed class ListShape(Shape item, int least = 0, int most = 1_000, bool distinct = false) : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(faults, path, "is a list");
            return;
        }
        var count = value.GetArrayLength();
        if (count < least || count > most) Wrong(faults, path, $"has {least} to {most} entries, not {count}");
        var seen = new HashSet<string>();
        var n = 0;
        foreach (var entry in value.EnumerateArray().Take(most))
        {
            var at = $"{path}[{n++}]";
            item.Check(entry, at, faults);
            if (distinct && entry.ValueKind == JsonValueKind.String && !seen.Add(entry.GetString()!)) Wrong(faults, at, $"'{Text.Cut(entry.GetString()!, 80)}' is named twice");
        }
    }
}

/// <summary>An object of known properties; others belong to their author and are let be.</summary>
internal sealed class ObjectShape : Shape
{
    private readonly Dictionary<string, (Shape Shape, bool Required)> _properties = [];

    public ObjectShape Wants(string name, Shape shape) => Add(name, shape, true);
    public ObjectShape May(string name, Shape shape) => Add(name, shape, false);

    private ObjectShape Add(string name, Shape shape, bool required)
    {
        _properties[name] = (shape, required);
        return this;
    }

    /// <summary>A new shape with all that this one has.</summary>
    public ObjectShape And()
    {
        var copy = new ObjectShape();
        foreach (var (name, property) in _properties) copy._properties[name] = property;
        return copy;
    }

    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(faults, path, "is an object");
            return;
        }
        foreach (var (name, (shape, required)) in _properties)
        {
            if (value.TryGetProperty(name, out var property)) shape.Check(property, PlaybookFaults.Path(path, name), faults);
            else if (required) Wrong(faults, PlaybookFaults.Path(path, name), "is wanted");
        }
    }
}

/// <summary>An object whose names are keys.</summary>
/// <param name="key">Null where the key is good, else what it must be.</param>
/// <param name="shape">By the entry's key and value.</param>
internal sealed class MapShape(Func<string, Phrase?> key, Func<string, JsonElement, Shape> shape, string keyCode = PlaybookFaults.Property, int least = 0, int most = 1_000) : Shape
{
    public MapShape(Shape shape, int least = 0) : this(_ => null, (_, _) => shape, least: least) { }

    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(faults, path, "is an object");
            return;
        }
        var count = 0;
        foreach (var entry in value.EnumerateObject())
        {
            if (++count > most) break;
            var at = PlaybookFaults.Path(path, entry.Name);
            if (key(entry.Name) is { } wanted) faults.Add(keyCode, at, wanted);
            shape(entry.Name, entry.Value).Check(entry.Value, at, faults);
        }
        if (count < least || count > most) Wrong(faults, path, $"has {least} to {most} entries");
    }
}

/// <summary>Several demands on one value.</summary>
internal sealed class AlsoShape(Shape first, Action<JsonElement, string, PlaybookFaults> then) : Shape
{
    public override void Check(JsonElement value, string path, PlaybookFaults faults)
    {
        first.Check(value, path, faults);
        if (value.ValueKind == JsonValueKind.Object) then(value, path, faults);
    }
}
