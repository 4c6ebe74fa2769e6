using System.Text;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>
/// Where a column's text stands. The field of its name has it as it was written, for counting by value. The folded text is searched: it stands in a field
/// of its own, always for the columns of long texts, else only where it differs, so that both together are the folded text of every event.
/// </summary>
/// <param name="Name">ECS name, and the field's.</param>
/// <param name="IsLong">Texts of which hardly one is like another: only their folded form is indexed.</param>
internal sealed record EventColumn(string Name, ColumnType Type, bool IsLong)
{
    private static readonly HashSet<string> LongTexts =
    [
        "message", "process.command_line", "process.parent.command_line", "url.original", "user_agent.original", "file.path", "registry.path",
    ];

    /// <summary>The columns, by the id of their field.</summary>
    public static IReadOnlyList<EventColumn> All { get; } = [.. EcsFields.Columns.Select(c => new EventColumn(c.Name, c.Type, LongTexts.Contains(c.Name)))];

    /// <summary>The source, which is no ECS field but searched like one.</summary>
    public static EventColumn Source { get; } = new("beacon.source", ColumnType.Text, IsLong: false);

    private static readonly Dictionary<string, EventColumn> ByName = All.Append(Source).ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>The column of an ECS name, or null where the field stands in "rest".</summary>
    public static EventColumn? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Last part of the folded field's name: one level, whatever the column's.</summary>
    public string FoldedKey { get; } = Name.Replace('.', '_');

    public string FoldedField => "folded." + FoldedKey;

    /// <summary>Field with a value a term, as it was written.</summary>
    public string ValueField => Type == ColumnType.Integer ? Name + ".text" : Name;

    /// <summary>Fields that together hold every folded text.</summary>
    public IReadOnlyList<string> SearchFields => Type == ColumnType.Integer ? [ValueField] : IsLong ? [FoldedField] : [Name, FoldedField];

    /// <summary>Field that compares as an address.</summary>
    public string AddressField => Name + ".ip";

    public byte[] FoldedJson { get; } = Encoding.UTF8.GetBytes($"\"{Name.Replace('.', '_')}\":");
}
