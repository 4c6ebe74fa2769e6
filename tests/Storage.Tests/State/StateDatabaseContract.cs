using Beacon.Events;
using Beacon.State;

namespace Beacon.Storage.Tests.State;

/// <summary>What every state database must do.</summary>
public abstract class StateDatabaseContract : IDisposable
{
    private static readonly StateSchema Schema = new("test", ["CREATE TABLE things(id TEXT PRIMARY KEY, n BIGINT NOT NULL, note TEXT, bytes BYTEA)", "CREATE TABLE counters(name TEXT PRIMARY KEY, value BIGINT NOT NULL); CREATE INDEX counters_value ON counters(value)"]);

    private readonly List<StateDatabase> _open = [];

    /// <summary>Opens the same database each time.</summary>
    protected abstract StateDatabase Connect(IEnumerable<StateSchema> schemas);

    protected StateDatabase Open(params StateSchema[] schemas)
    {
        var database = Connect(schemas.Length > 0 ? schemas : [Schema]);
        _open.Add(database);
        return database;
    }

    [Fact]
    public async Task Write_Values_ComeBackAsTheyWere()
    {
        var database = Open();
        var time = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero).AddTicks(1234560);
        await database.WriteAsync(t => t.Execute("INSERT INTO things(id, n, note, bytes) VALUES (@p0, @p1, @p2, @p3)", "zwölf 十二 🜁", time, null, new byte[] { 0, 1, 255 }));
        var (id, n, note, bytes) = await database.ReadAsync(static c => c.Query("SELECT id, n, note, bytes FROM things", static r => (r.GetString(0), r.Instant(1), r.TextOrNull(2), (byte[])r.GetValue(3))).Single());
        Assert.Equal(("zwölf 十二 🜁", time, (string?)null), (id, n, note));
        Assert.Equal([0, 1, 255], bytes);
    }

    [Fact]
    public async Task Write_TextThatNoDatabaseKeeps_IsKeptWithAReplacement()
    {
        var database = Open();
        foreach (var text in new[] { "a\0b", "c" + (char)0xD800 + "d", "\0" })
        {
            await database.WriteAsync(t => t.Execute("INSERT INTO things(id, n) VALUES (@p0, 1)", text));
            Assert.Equal(1, await database.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM things WHERE id = @p0", text)));
        }
        Assert.Equal(["a\uFFFDb", "c\uFFFDd", "\uFFFD"], (await database.ReadAsync(static c => c.Query("SELECT id FROM things", static r => r.GetString(0)))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_Throws_LeavesNothingAndTheNextOneWorks()
    {
        var database = Open();
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync<int>(static t =>
        {
            t.Execute("INSERT INTO things(id, n) VALUES ('a', 1)");
            throw new InvalidOperationException("no");
        }));
        await database.WriteAsync(static t => t.Execute("INSERT INTO things(id, n) VALUES ('b', 1)"));
        Assert.Equal("b", await database.ReadAsync(static c => c.Scalar<string>("SELECT id FROM things")));
    }

    [Fact]
    public async Task Write_StatementFails_LeavesNothing()
    {
        var database = Open();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => database.WriteAsync(static t =>
        {
            t.Execute("INSERT INTO things(id, n) VALUES ('a', 1)");
            return t.Execute("INSERT INTO things(id, n) VALUES ('a', 2)");
        }));
        Assert.Equal(0, await database.ReadAsync(static c => c.Scalar<long>("SELECT count(*) FROM things")));
    }

    [Fact]
    public async Task Write_ManyThatReadFirst_AreOneAfterTheOther()
    {
        var database = Open();
        await database.WriteAsync(static t => t.Execute("INSERT INTO counters(name, value) VALUES ('n', 0)"));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => database.WriteAsync(static t =>
            t.Execute("UPDATE counters SET value = @p0 WHERE name = 'n'", t.Scalar<long>("SELECT value FROM counters WHERE name = 'n'") + 1))));
        Assert.Equal(50, await database.ReadAsync(static c => c.Scalar<long>("SELECT value FROM counters")));
    }

    [Fact]
    public async Task Read_WhileAWriteIsUnderWay_SeesWhatWasCommitted()
    {
        var database = Open();
        using var written = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var writing = Task.Run(() => database.WriteAsync(t =>
        {
            t.Execute("INSERT INTO things(id, n) VALUES ('a', 1)");
            written.Release();
            return go.Wait(TimeSpan.FromMinutes(1));
        }));
        await written.WaitAsync();
        Assert.Equal(0, await database.ReadAsync(static c => c.Scalar<long>("SELECT count(*) FROM things")));
        go.Release();
        Assert.True(await writing);
        Assert.Equal(1, await database.ReadAsync(static c => c.Scalar<long>("SELECT count(*) FROM things")));
    }

    [Fact]
    public async Task Open_FurtherSteps_RunOnce()
    {
        var database = Open();
        await database.WriteAsync(static t => t.Execute("INSERT INTO things(id, n) VALUES ('a', 1)"));
        database.Dispose();
        var more = Schema with { Steps = [.. Schema.Steps, "ALTER TABLE things ADD COLUMN more BIGINT NOT NULL DEFAULT 7", "INSERT INTO things(id, n) VALUES ('b', 2)"] };
        Open(more).Dispose();
        database = Open(more);
        Assert.Equal([("a", 7L), ("b", 7L)], await database.ReadAsync(static c => c.Query("SELECT id, more FROM things ORDER BY id", static r => (r.GetString(0), r.GetInt64(1)))));
    }

    [Fact]
    public void Open_WrittenByANewerVersion_IsRefused()
    {
        Open(Schema with { Steps = [.. Schema.Steps, "CREATE TABLE later(id TEXT)"] }).Dispose();
        var fault = Assert.Throws<InvalidDataException>(() => Open(Schema));
        Assert.Contains("3 schema steps of 'test', this program knows 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_StepThatFails_ChangesNothing()
    {
        Assert.ThrowsAny<Exception>(() => Open(new StateSchema("broken", ["CREATE TABLE first(id TEXT)", "CREATE NONSENSE"])));
        var database = Open(new StateSchema("broken", ["CREATE TABLE first(id TEXT)"]));
        Assert.Equal(0, await database.ReadAsync(static c => c.Scalar<long>("SELECT count(*) FROM first")));
    }

    [Fact]
    public async Task Now_IsTheSameForReadAndWrite()
    {
        var database = Open();
        var first = await database.ReadAsync(database.Now);
        var second = await database.WriteAsync(t => database.Now(t.Connection!));
        Assert.True(second >= first);
    }

    public virtual void Dispose()
    {
        foreach (var database in _open) database.Dispose();
        GC.SuppressFinalize(this);
    }
}
