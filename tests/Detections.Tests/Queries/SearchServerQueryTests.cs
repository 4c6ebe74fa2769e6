using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Beacon.Storage.Tests.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Detections.Tests.Queries;

/// <summary>Rules as queries to a real server.</summary>
[Collection(ServerQueries.Name)]
public abstract class SearchServerQueryTests(ITestOutputHelper output) : QueryAgreement(output)
{
    private TestIndices? _indices;
    private ElasticsearchEventStore? _store;

    private protected abstract string Address { get; }

    protected override async Task<IEventStore> OpenEmptyAsync()
    {
        _indices = new TestIndices(Address);
        _store = new ElasticsearchEventStore(_indices.Options(static o => o.ReadTimeout = TimeSpan.FromMinutes(5)), null, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);
        await _store.OpenAsync(TestContext.Current.CancellationToken);
        return _store;
    }

    protected override async ValueTask CloseAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_indices is not null) await _indices.DisposeAsync();
    }
}
