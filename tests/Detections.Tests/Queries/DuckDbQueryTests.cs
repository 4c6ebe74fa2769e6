using Beacon.Events;
using Beacon.Storage.DuckDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Detections.Tests.Queries;

public sealed class DuckDbQueryTests(ITestOutputHelper output) : QueryAgreement(output)
{
    private readonly TestFolder _folder = new();
    private DuckDbEventStore _store = null!;

    protected override async Task<IEventStore> OpenEmptyAsync()
    {
        _store = new DuckDbEventStore(new DuckDbOptions { Directory = _folder.Path, MemoryMegabytes = 512, MinimumFreeMegabytes = 16 }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await _store.OpenAsync(TestContext.Current.CancellationToken);
        return _store;
    }

    protected override async ValueTask CloseAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}
