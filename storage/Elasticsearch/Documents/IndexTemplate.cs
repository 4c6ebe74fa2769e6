using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>
/// How indices of events are mapped, from <see cref="EcsFields.Columns"/>. Columns keep their values for counting, numbers and addresses for comparing;
/// "fields" is one flattened keyword in which every field is searched. Nothing else is mapped (dynamic: false), so that no event adds a field; "rest" is not
/// either: what stands there is counted from the documents.
/// </summary>
internal static class IndexTemplate
{
    /// <summary>UTF-16 units of a term at most: below Lucene's 32,766 bytes at three bytes a unit, above every name and value that we write as one.</summary>
    private const int MostUnits = 10_900;

    /// <summary>What the mapping is, in sixteen hexadecimal digits: an index with another one was made by another version.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Mappings().ToJsonString())))[..16];

    public static JsonObject Create(ElasticsearchOptions options, bool dataStream)
    {
        var mappings = Mappings();
        mappings["_meta"] = new JsonObject { ["beacon"] = Version };
        var template = new JsonObject
        {
            ["index_patterns"] = new JsonArray(dataStream ? options.Events : options.Events + "-*"),
            ["priority"] = 500,
            ["template"] = new JsonObject
            {
                ["settings"] = new JsonObject
                {
                    ["index.number_of_shards"] = options.Shards,
                    ["index.number_of_replicas"] = options.Replicas,
                    ["index.codec"] = "best_compression",
                    ["index.refresh_interval"] = $"{(long)options.RefreshInterval.TotalMilliseconds}ms",
                    // One row more than a page tells whether there is a next one.
                    ["index.max_result_window"] = 10_001,
                },
                ["mappings"] = mappings,
            },
        };
        if (dataStream) template["data_stream"] = new JsonObject();
        return template;
    }

    private static JsonObject Mappings()
    {
        var root = new JsonObject();
        Put(root, "@timestamp", new JsonObject { ["type"] = "date" });
        Put(root, "beacon.received", new JsonObject { ["type"] = "date_nanos" });
        Put(root, "beacon.us", new JsonObject { ["type"] = "long", ["index"] = false });
        Put(root, "beacon.sequence", new JsonObject { ["type"] = "long" });
        Put(root, "beacon.search", Keyword(values: false));
        Put(root, "fields", Keyword(values: false));
        Put(root, "numbers", Keyword(values: false));
        Put(root, "pieces", Keyword(values: false));
        Put(root, "nulls", Keyword(values: false));
        Put(root, "multi", Keyword(values: false));
        foreach (var column in EventColumn.All.Append(EventColumn.Source)) Put(root, column.Name, Column(column));
        return new JsonObject { ["dynamic"] = false, ["date_detection"] = false, ["properties"] = root };
    }

    private static JsonObject Column(EventColumn column)
    {
        // What is no whole number is counted as text and compared where all numbers are.
        if (column.Type == ColumnType.Integer)
            return new JsonObject { ["type"] = "long", ["doc_values"] = false, ["ignore_malformed"] = true, ["coerce"] = false, ["fields"] = new JsonObject { ["text"] = Keyword(index: false) } };
        var text = Keyword(index: false, values: column.IsCounted);
        if (column.Type == ColumnType.Ip) text["fields"] = new JsonObject { ["ip"] = Address() };
        return text;
    }

    private static JsonObject Address() => new() { ["type"] = "ip", ["ignore_malformed"] = true, ["doc_values"] = false };

    private static JsonObject Keyword(bool index = true, bool values = true)
    {
        var keyword = new JsonObject { ["type"] = "keyword", ["ignore_above"] = MostUnits };
        if (!index) keyword["index"] = false;
        if (!values) keyword["doc_values"] = false;
        // A field with neither is named in "_field_names" anew for each of its values: a twentieth of what an event costs, for two bytes.
        if (index && !values) keyword["norms"] = true;
        return keyword;
    }

    private static void Put(JsonObject properties, string path, JsonObject mapping)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            if (properties[name] is not JsonObject child) properties[name] = child = new JsonObject { ["properties"] = new JsonObject() };
            properties = child["properties"]!.AsObject();
        }
        properties[names[^1]] = mapping;
    }
}
