using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Storage.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Web.Commands.Bench;

/// <summary>An empty store to measure, of either kind, gone at the end.</summary>
internal sealed class BenchStore(string folder, ElasticsearchOptions? cluster) : IAsyncDisposable
{
    private IEventStore? _store;

    /// <summary>Opens it, again where it was open.</summary>
    /// <exception cref="Hosting.CommandException">The cluster does not answer.</exception>
    public async Task<IEventStore> OpenAsync(CancellationToken cancellation)
    {
        await CloseAsync();
        _store = cluster is null
            ? new DuckDbEventStore(new DuckDbOptions { Directory = folder }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance)
            : new ElasticsearchEventStore(cluster, null, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);
        try
        {
            await _store.OpenAsync(cancellation);
        }
        catch (InvalidDataException fault)
        {
            throw new Hosting.CommandException(fault.Message);
        }
        return _store;
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is ElasticsearchEventStore elastic) await elastic.RemoveAllAsync(CancellationToken.None);
        await CloseAsync();
    }

    private async ValueTask CloseAsync()
    {
        if (_store is IAsyncDisposable open) await open.DisposeAsync();
        _store = null;
    }
}
