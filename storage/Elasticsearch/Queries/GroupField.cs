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
        "@timestamp" or "event.ingested" or "event.id" => throw new EventQueryException($"'{name}' differs in every event: it can't be grouped by"),
        _ when EventColumn.Find(name) is { } column => new(name, column.ValueField, ""),
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

    /// <summary>Conditions that hold for the events with exactly this value: by the folded text, which is indexed, then by the value itself.</summary>
    public IEnumerable<JsonObject> Exactly(string value) => [Folded(value), FilterQuery.Term(Source, Prefix + value)];

    /// <summary>The condition that holds for the events with this value in any case.</summary>
    public JsonObject Folded(string value) => FilterQuery.Term(Name == EventColumn.Source.Name ? "beacon.search" : TermQuery.Fields, FieldTerm.Prefix(Name) + FoldedText.Of(value));
}
