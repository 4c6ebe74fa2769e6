using Beacon.Events;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Storage.Tests.State;

public sealed class PostgresStateDatabaseTests : StateDatabaseContract
{
    private readonly Lazy<string> _connection = new(PostgresServer.NewDatabase);

    protected override StateDatabase Connect(IEnumerable<StateSchema> schemas) => PostgresStateDatabase.Open(_connection.Value, schemas);

    [Fact]
    public async Task Write_OfTwoProcesses_AreOneAfterTheOther()
    {
        var (one, two) = (Open(), Open());
        await one.WriteAsync(static t => t.Execute("INSERT INTO counters(name, value) VALUES ('n', 0)"));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : two).WriteAsync(static t =>
            t.Execute("UPDATE counters SET value = @p0 WHERE name = 'n'", t.Scalar<long>("SELECT value FROM counters WHERE name = 'n'") + 1))));
        Assert.Equal(40, await two.ReadAsync(static c => c.Scalar<long>("SELECT value FROM counters")));
    }

    [Fact]
    public async Task Open_ManyAtOnce_RunTheStepsOnce()
    {
        _ = _connection.Value;
        var schema = new StateSchema("counted", ["CREATE TABLE counted(n BIGINT)", "INSERT INTO counted(n) VALUES (1)"]);
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresStateDatabase.Open(_connection.Value, [schema]))));
        Assert.Equal(1, await opened[0].ReadAsync(static c => c.Scalar<long>("SELECT count(*) FROM counted")));
        foreach (var database in opened) database.Dispose();
    }

    [Fact]
    public async Task Open_TablesOfANode_AreItsOwnAndTheOthersAreShared()
    {
        StateSchema[] schemas = [new("shared", ["CREATE TABLE everybodys(n BIGINT)"]), new("own", ["CREATE TABLE mine(n BIGINT); INSERT INTO everybodys(n) VALUES (0)"]) { PerNode = true }];
        using var one = PostgresStateDatabase.Open(_connection.Value, schemas, node: "Host-1");
        using var two = PostgresStateDatabase.Open(_connection.Value, schemas, node: "host_1");
        foreach (var (database, n) in new[] { (one, 1L), (two, 2L) })
            await database.WriteAsync(t => t.Execute("INSERT INTO mine(n) VALUES (@p0)", n) + t.Execute("INSERT INTO everybodys(n) VALUES (@p0)", n));
        Assert.Equal([1L], await one.ReadAsync(static c => c.Query("SELECT n FROM mine", static r => r.GetInt64(0))));
        Assert.Equal([2L], await two.ReadAsync(static c => c.Query("SELECT n FROM mine", static r => r.GetInt64(0))));
        Assert.Equal([0L, 0L, 1L, 2L], await two.ReadAsync(static c => c.Query("SELECT n FROM everybodys ORDER BY n", static r => r.GetInt64(0))));
        using var again = PostgresStateDatabase.Open(_connection.Value, schemas, node: "Host-1");
        Assert.Equal([1L], await again.ReadAsync(static c => c.Query("SELECT n FROM mine", static r => r.GetInt64(0))));
    }

    [Fact]
    public async Task Clock_OfAProcessMinutesAhead_AgreesWithTheDatabase()
    {
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(2));
        using var database = PostgresStateDatabase.Open(_connection.Value, [], ahead);
        var now = await database.ReadAsync(database.Now);
        Assert.True(now < ahead.GetUtcNow().AddMinutes(-1));
        Assert.Equal(now, database.Clock.GetUtcNow());
        ahead.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(now.AddSeconds(5), database.Clock.GetUtcNow());
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Timeout=2", "can't be used")]
    [InlineData("nonsense", "not a connection string")]
    public void Open_BadConnectionString_SaysSo(string connection, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => PostgresStateDatabase.Open(connection, [])).Message, StringComparison.Ordinal);
}
