using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>One item of a detection as it was written.</summary>
/// <param name="Field">Name without modifiers; empty for keywords.</param>
internal sealed record WrittenItem(YamlScalar Key, string Field, IReadOnlyList<string> Modifiers, IReadOnlyList<YamlScalar> Values);

/// <summary>A document of a rule file with its places, and the rule that was read from it.</summary>
/// <param name="Rule">Null where the document was refused, or is a correlation or a filter.</param>
internal sealed class CheckedDocument(string file, YamlMap root, SigmaRule? rule, List<SigmaFault> findings)
{
    public string File => file;
    public YamlMap Root => root;
    public SigmaRule? Rule => rule;

    /// <summary>It is meant to be a rule of its own: neither a correlation nor a filter.</summary>
    public bool IsRule => root.Find("correlation") is null && root.Find("filter") is null;

    public void Report(YamlMark at, string code, FaultSeverity severity, Phrase message, Phrase? hint) =>
        findings.Add(new SigmaFault(file, at.Line, at.Column, code, severity, message, hint ?? Phrase.Empty));

    /// <summary>A text of the document, or null where it is absent, empty or no text.</summary>
    public YamlScalar? Text(string key) => root.Find(key) is YamlScalar { IsNull: false } scalar && scalar.Text.Trim().Length > 0 ? scalar : null;

    /// <summary>The texts of a list, or the one that stands in its place.</summary>
    public IReadOnlyList<YamlScalar> Texts(string key) => root.Find(key) switch
    {
        YamlScalar { IsNull: false } one => [one],
        YamlList list => [.. list.Items.OfType<YamlScalar>().Where(static s => !s.IsNull)],
        _ => [],
    };

    /// <summary>The search identifiers, by their keys.</summary>
    public IEnumerable<YamlEntry> Selections => root.Find("detection") is YamlMap map ? map.Entries.Where(static e => e.Key.Text is not ("condition" or "timeframe")) : [];

    /// <summary>The conditions as they were written.</summary>
    public IEnumerable<YamlScalar> Conditions => (root.Find("detection") as YamlMap)?.Find("condition") switch
    {
        YamlScalar one => [one],
        YamlList list => list.Items.OfType<YamlScalar>(),
        _ => [],
    };

    /// <summary>Every item of every search identifier.</summary>
    public IEnumerable<WrittenItem> Items => Selections.SelectMany(static s => Walk(s.Value));

    private static IEnumerable<WrittenItem> Walk(YamlNode node) => node switch
    {
        YamlMap map => map.Entries.Select(Item),
        YamlList list => list.Items.Where(static i => i is not YamlScalar).SelectMany(Walk),
        _ => [],
    };

    private static WrittenItem Item(YamlEntry entry)
    {
        var parts = entry.Key.Text.Split('|');
        IReadOnlyList<YamlScalar> values = entry.Value switch
        {
            YamlScalar scalar => [scalar],
            YamlList list => [.. list.Items.OfType<YamlScalar>()],
            _ => [],
        };
        return new WrittenItem(entry.Key, parts[0], parts[1..], values);
    }
}
