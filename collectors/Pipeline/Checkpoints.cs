using System.Data.Common;
using Beacon.Events;

namespace Beacon.Collectors.Pipeline;

/// <summary>How far each stage has come. A stage writes its own in the transaction that holds what it did.</summary>
internal static class Checkpoints
{
    public const string Detect = "detect";
    public const string Ledger = "ledger";

    public static long Read(DbConnection connection, string name) =>
        connection.Scalar<long>("SELECT sequence FROM collector_checkpoints WHERE name = @p0", name);

    public static void Write(DbTransaction transaction, string name, long sequence) =>
        transaction.Execute(
            "INSERT INTO collector_checkpoints(name, sequence) VALUES (@p0, @p1) ON CONFLICT(name) DO UPDATE SET sequence = excluded.sequence WHERE excluded.sequence > collector_checkpoints.sequence",
            name, sequence);
}
