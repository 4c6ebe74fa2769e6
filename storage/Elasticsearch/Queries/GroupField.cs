using System.Text;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>A field to count by: where its values stand as they were written, and what a value of it looks like there.</summary>
/// <param name="Source">Field of the server.</param>
/// <param name="Prefix">Before each value, where the field shares "rest" with others; else empty.</param>
internal sealed record GroupField(string Name, string Source, string Prefix)
{
    public bool IsShared => Prefix.Length > 0;

    /// <exception cref="EventQueryException">Its values differ in every event.</exception>
    public static GroupField Of(string name) => name switch
    {
        "beacon.source" => new(name, name, ""),
        "@timestamp" or "event.ingested" or "event.id" => throw new EventQueryException($"'{name}' differs in every event: it can't be grouped by"),
        _ when EcsFields.ColumnOf(name) is { } c => new(name, c.Type == ColumnType.Integer ? $"{name}.{IndexTemplate.Folded}" : name, ""),
        _ => new(name, "rest", FieldTerm.Prefix(name)),
    };

    public string ValueOf(string key) => key[Prefix.Length..];

    /// <summary>A regular expression (Lucene's) of the values that are this field's.</summary>
    public string Include
    {
        get
        {
            var expression = new StringBuilder();
            foreach (var c in Prefix)
            {
                if (!char.IsLetterOrDigit(c)) expression.Append('\\');
                expression.Append(c);
            }
            return expression.Append("(.|\n)*").ToString();
        }
    }

    /// <summary>Conditions that hold for the events with exactly this value: by the folded text, which is indexed, then by the text itself.</summary>
    public IEnumerable<JsonObject> Exactly(string value)
    {
        var raw = Prefix + value;
        if (Source.EndsWith("." + IndexTemplate.Folded, StringComparison.Ordinal)) return [FilterQuery.Term(Source, raw)];
        return [FilterQuery.Term($"{Source}.{IndexTemplate.Folded}", Prefix + value.ToLowerInvariant()), FilterQuery.Term(Source, raw)];
    }

    /// <summary>The condition that holds for the events with this value in any case.</summary>
    public JsonObject Folded(string value) => Source.EndsWith("." + IndexTemplate.Folded, StringComparison.Ordinal)
        ? FilterQuery.Term(Source, value)
        : FilterQuery.Term($"{Source}.{IndexTemplate.Folded}", Prefix + value.ToLowerInvariant());
}
