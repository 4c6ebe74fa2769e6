using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Storage.Tests.State;

public sealed class SqliteStateDatabaseTests : StateDatabaseContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-state");

    protected override StateDatabase Connect(IEnumerable<StateSchema> schemas) => SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "state.db"), schemas);

    [Fact]
    public async Task Now_OfTheOnlyProcess_IsItsOwnClock()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var database = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "timed.db"), [], time);
        Assert.Equal(time.GetUtcNow(), await database.ReadAsync(database.Now));
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Delete(recursive: true);
    }
}
