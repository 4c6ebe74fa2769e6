using System.CommandLine;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Which event store to use: the same two options for every command that opens one.</summary>
internal sealed class StoreOptions
{
    public Option<string?> Kind { get; } = Choice();

    public Option<string[]> Nodes { get; } = new("--elasticsearch")
    {
        Description = "Address of an Elasticsearch or OpenSearch node; may be repeated. Credentials: Elasticsearch:ApiKeyFile, or :UserName and :PasswordFile.", HelpName = "URL",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Kind);
        command.Options.Add(Nodes);
    }

    /// <summary>What was chosen, as settings; nothing where nothing was.</summary>
    public Dictionary<string, string?> Settings(ParseResult parsed)
    {
        var settings = new Dictionary<string, string?>();
        var nodes = parsed.GetValue(Nodes) ?? [];
        if (parsed.GetValue(Kind) is { } kind) settings["Store:Kind"] = kind;
        else if (nodes.Length > 0) settings["Store:Kind"] = EventStores.Elasticsearch;
        for (var i = 0; i < nodes.Length; i++) settings[FormattableString.Invariant($"Elasticsearch:Nodes:{i}")] = nodes[i];
        return settings;
    }

    private static Option<string?> Choice()
    {
        var option = new Option<string?>("--store") { Description = "Event store: duckdb (embedded; the default) or elasticsearch.", HelpName = "STORE" };
        option.AcceptOnlyFromAmong(EventStores.DuckDb, EventStores.Elasticsearch);
        return option;
    }
}
