using Beacon.Events;

namespace Beacon.Detections.Sigma.Yaml;

/// <summary>A place in a file; line and column count from 1.</summary>
internal readonly record struct YamlMark(int Line, int Column)
{
    public static readonly YamlMark Start = new(1, 1);
}

/// <summary>A node of a YAML document with its place. Documents are bounded trees; see <see cref="YamlReader"/>.</summary>
internal abstract class YamlNode(YamlMark mark)
{
    public YamlMark Mark { get; } = mark;

    /// <summary>Nodes in this subtree, itself included, aliases counted where they are used.</summary>
    public int Size { get; protected set; } = 1;

    /// <summary>What it is, for messages.</summary>
    public abstract Phrase Kind { get; }
}

internal sealed class YamlList(YamlMark mark) : YamlNode(mark)
{
    private readonly List<YamlNode> _items = [];

    public IReadOnlyList<YamlNode> Items => _items;
    public override Phrase Kind => "a list";

    public void Add(YamlNode item)
    {
        _items.Add(item);
        Size += item.Size;
    }
}

/// <summary>A key with its value.</summary>
internal readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);

internal sealed class YamlMap(YamlMark mark) : YamlNode(mark)
{
    private readonly List<YamlEntry> _entries = [];

    public IReadOnlyList<YamlEntry> Entries => _entries;
    public override Phrase Kind => "a map";

    public void Add(YamlScalar key, YamlNode value)
    {
        _entries.Add(new YamlEntry(key, value));
        Size += 1 + value.Size;
    }

    public YamlNode? Find(string key)
    {
        foreach (var entry in _entries)
            if (entry.Key.Text == key) return entry.Value;
        return null;
    }
}
