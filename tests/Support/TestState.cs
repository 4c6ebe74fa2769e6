using System.Data.Common;
using Beacon.Events;
using Beacon.State;

namespace Beacon.Tests.Support;

/// <summary>The state database of a test: a file, or PostgreSQL where BEACON_TEST_STATE is "postgres", so that the same tests run on both.</summary>
internal static class TestState
{
    private static readonly Dictionary<string, string> Databases = new(StringComparer.Ordinal);

    private static bool OnPostgres => Environment.GetEnvironmentVariable("BEACON_TEST_STATE") == "postgres";

    /// <summary>Opens the database that belongs to the folder, the same one each time.</summary>
    public static StateDatabase Open(string folder, IEnumerable<StateSchema> schemas, TimeProvider? time = null) => OnPostgres
        ? new OnTestClock(PostgresStateDatabase.Open(DatabaseOf(Path.GetFullPath(folder)), schemas, time), time ?? TimeProvider.System)
        : SqliteStateDatabase.Open(Path.Combine(folder, "state.db"), schemas, time);

    private static string DatabaseOf(string folder)
    {
        lock (Databases)
        {
            if (!Databases.TryGetValue(folder, out var connection)) Databases[folder] = connection = PostgresServer.NewDatabase();
            return connection;
        }
    }

    /// <summary>The server's clock can't be moved; the test's takes its place.</summary>
    private sealed class OnTestClock(StateDatabase inner, TimeProvider time) : StateDatabase
    {
        public override Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) => inner.ReadAsync(read, cancellation);
        public override Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default) => inner.WriteAsync(write, cancellation);
        // A test's processes come one after the other.
        public override bool IsShared => false;
        public override DateTimeOffset Now(DbConnection connection) => time.GetUtcNow();
        public override void Dispose() => inner.Dispose();
    }
}
