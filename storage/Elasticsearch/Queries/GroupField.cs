using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>A field to count by.</summary>
/// <param name="Name">ECS name, or whatever an event calls it.</param>
/// <param name="Column">Where the server has its values ready to be counted; null where they stand in the documents only.</param>
internal sealed record GroupField(string Name, EventColumn? Column)
{
    /// <exception cref="EventQueryException">Its values differ in every event.</exception>
    public static GroupField Of(string name) => name switch
    {
        "@timestamp" or "event.ingested" or "event.id" => throw new EventQueryException($"'{name}' differs in every event: it can't be grouped by"),
        _ => new(name, EventColumn.Find(name) is { IsCounted: true } column ? column : null),
    };

    /// <summary>Conditions that hold for the events with exactly this value of a column: by the folded text, which is indexed, then by the value itself.</summary>
    public IEnumerable<JsonObject> Exactly(string value) => [Folded(value), FilterQuery.Term(Column!.ValueField, value)];

    /// <summary>The condition that holds for the events with this value in any case.</summary>
    public JsonObject Folded(string value) => FilterQuery.Term(Name == EventColumn.Source.Name ? "beacon.search" : TermQuery.Fields, FieldTerm.Prefix(Name) + FoldedText.Of(value));
}
