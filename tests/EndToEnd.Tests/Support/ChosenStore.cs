using Beacon.Storage.Tests.Elasticsearch;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>The event store that tests run on: the embedded one, or a real Elasticsearch where it is asked for or BEACON_TEST_STORE is "elasticsearch".</summary>
internal sealed class ChosenStore : IAsyncDisposable
{
    private readonly TestIndices? _indices;

    private ChosenStore(TestIndices? indices, Dictionary<string, string?> settings) => (_indices, Settings) = (indices, settings);

    /// <summary>Settings of a Beacon that uses it; none for the embedded one.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static ChosenStore Make() => Environment.GetEnvironmentVariable("BEACON_TEST_STORE") == "elasticsearch" ? Elasticsearch() : new ChosenStore(null, []);

    public static ChosenStore Elasticsearch()
    {
        var address = TestServer.Elasticsearch().Address;
        var indices = new TestIndices(address);
        return new ChosenStore(indices, new Dictionary<string, string?>
        {
            ["Store:Kind"] = "elasticsearch", ["Elasticsearch:Nodes:0"] = address, ["Elasticsearch:Prefix"] = indices.Prefix, ["Elasticsearch:Replicas"] = "0",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_indices is not null) await _indices.DisposeAsync();
    }
}
