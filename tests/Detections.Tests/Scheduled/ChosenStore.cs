using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Storage.Elasticsearch;
using Beacon.Storage.Tests.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Detections.Tests.Scheduled;

/// <summary>An empty event store of a test: the embedded one, or a real Elasticsearch where BEACON_TEST_STORE is "elasticsearch", so that the same tests run on both.</summary>
internal sealed class ChosenStore : IAsyncDisposable
{
    private readonly DirectoryInfo? _folder;
    private readonly TestIndices? _indices;

    private ChosenStore(IEventStore events, DirectoryInfo? folder, TestIndices? indices) => (Events, _folder, _indices) = (events, folder, indices);

    public IEventStore Events { get; }

    public static async Task<ChosenStore> OpenAsync(TimeProvider time)
    {
        if (Environment.GetEnvironmentVariable("BEACON_TEST_STORE") == "elasticsearch")
        {
            var indices = new TestIndices(TestServer.Elasticsearch().Address);
            var elastic = new ElasticsearchEventStore(indices.Options(), null, time, NullLogger<ElasticsearchEventStore>.Instance);
            await elastic.OpenAsync(default);
            return new ChosenStore(elastic, null, indices);
        }
        var folder = Directory.CreateTempSubdirectory("beacon-detections-");
        var embedded = new DuckDbEventStore(new DuckDbOptions { Directory = folder.FullName, MemoryMegabytes = 256, MinimumFreeMegabytes = 16 }, time, NullLogger<DuckDbEventStore>.Instance);
        await embedded.OpenAsync(default);
        return new ChosenStore(embedded, folder, null);
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Events).DisposeAsync();
        _folder?.Delete(recursive: true);
        if (_indices is not null) await _indices.DisposeAsync();
    }
}
