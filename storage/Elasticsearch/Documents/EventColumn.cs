using System.Collections.Frozen;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>A field with a place of its own in the mapping, under its ECS name: its values are counted there, and numbers and addresses compared. Text is searched in "fields".</summary>
/// <param name="Name">ECS name, and the field's.</param>
internal sealed record EventColumn(string Name, ColumnType Type)
{
    // What differs in nearly every event: ready to be counted, these were a fifth of what an event costs.
    private static readonly FrozenSet<string> Unlike = FrozenSet.Create(StringComparer.Ordinal, "message", "process.command_line", "process.parent.command_line", "process.entity_id");

    /// <summary>The columns, by the id of their field.</summary>
    public static IReadOnlyList<EventColumn> All { get; } = [.. EcsFields.Columns.Select(c => new EventColumn(c.Name, c.Type))];

    /// <summary>The source, which is no ECS field but counted and searched like one.</summary>
    public static EventColumn Source { get; } = new("beacon.source", ColumnType.Text);

    private static readonly Dictionary<string, EventColumn> ByName = All.Append(Source).ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>The column of an ECS name, or null where the field stands in "rest", of which the server counts nothing.</summary>
    public static EventColumn? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Field with a value a term, as it was written.</summary>
    public string ValueField => Type == ColumnType.Integer ? Name + ".text" : Name;

    /// <summary>Whether the server counts its values; those that differ in nearly every event are counted from the documents by whoever asks.</summary>
    public bool IsCounted { get; } = !Unlike.Contains(Name);

    /// <summary>Fields that compare as addresses; the second in indices of earlier versions, for columns with several.</summary>
    public IReadOnlyList<string> AddressFields => [Name + ".ip", "several." + Name.Replace('.', '_')];
}
