using Beacon.Storage.Elasticsearch;
using Beacon.Web.Hosting;

namespace Beacon.Web.Demo;

/// <summary>Stops the demonstration's Beacon and removes what it left in a cluster.</summary>
internal sealed class DemoTraces(BeaconHost host) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await host.App.StopAsync();
        if (host.Services.GetService<ElasticsearchEventStore>() is { } store) await store.RemoveAllAsync(CancellationToken.None);
    }
}
