using System.Data.Common;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Events;

namespace Beacon.Alerting.Storage;

/// <summary>The state database as this room writes it: outbox rows in the same transaction, listeners woken after the commit.</summary>
internal sealed class AlertingDatabase(IStateDatabase database, IAuditTrail audit, ChangeFeed feed, TimeProvider time)
{
    public bool IsShared => database.IsShared;

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation) => database.ReadAsync(read, cancellation);

    public async Task<T> WriteAsync<T>(Func<AlertingTransaction, T> write, CancellationToken cancellation)
    {
        long last = 0;
        var result = await database.WriteAsync(transaction =>
        {
            var unit = new AlertingTransaction(transaction, time.GetUtcNow(), audit);
            var answer = write(unit);
            unit.Finish();
            last = unit.LastChange;
            return answer;
        }, cancellation).ConfigureAwait(false);
        if (last > 0) feed.Advance(last);
        return result;
    }

    /// <summary>Runs an operation that may refuse: a refusal rolls everything back.</summary>
    public async Task<Outcome<T>> TryWriteAsync<T>(Func<AlertingTransaction, T> write, CancellationToken cancellation) where T : class
    {
        try
        {
            return await WriteAsync(write, cancellation).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }
}

/// <summary>Leaves a transaction without a trace; never leaves this room.</summary>
#pragma warning disable CA1032, CA1064 // Made in one place, caught in one place.
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Message.ToString())
{
    public Refusal Refusal => refusal;

    public static RefusedException NotFound(Phrase message) => new(new Refusal(RefusalKind.NotFound, message));
    public static RefusedException Conflict(Phrase message) => new(new Refusal(RefusalKind.Conflict, message));
    public static RefusedException Invalid(Phrase message) => new(new Refusal(RefusalKind.Invalid, message));
    public static RefusedException Forbidden(Phrase message) => new(new Refusal(RefusalKind.Forbidden, message));
}
#pragma warning restore CA1032, CA1064
