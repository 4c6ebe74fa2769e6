using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>
/// Keeps what correlations remember in the state database: changes are appended, and once they are much more than what is
/// remembered, all of it is written anew in their place. Nothing is written here: the changes go into the transaction that
/// commits the detections and the checkpoint of the same events, so that a restart finds all three in step.
/// </summary>
internal sealed class CorrelationJournal : ICorrelationLog
{
    private const int ChunkBytes = 1024 * 1024;
    private const int MaxRows = 2_000;
    private const long LeastBytes = 1024 * 1024;

    private readonly CorrelationRecord _record = new();
    private long _next = 1;
    private long _rows;
    private long _bytes;

    /// <summary>What is kept holds state of correlations that are no more, or were changed: it is to be written anew.</summary>
    public bool IsStale { get; set; }

    public void Entered(CompiledCorrelation correlation, CorrelationGroup group, in CorrelationEntry entry) => _record.Entered(correlation, group, entry);

    public void Marked(CompiledCorrelation correlation, CorrelationGroup group) => _record.Marked(correlation, group);

    /// <summary>The chunks in the order in which they were written.</summary>
    public static Task<List<(long Id, byte[] Chunk)>> ReadAsync(IStateDatabase database, CancellationToken cancellation) => database.ReadAsync(static connection => connection
        .Query("SELECT id, chunk FROM detection_correlation_journal ORDER BY id", static r => (r.GetInt64(0), (byte[])r.GetValue(1))), cancellation);

    /// <summary>Notes what was found on disk.</summary>
    public void Start(IReadOnlyList<(long Id, byte[] Chunk)> found)
    {
        if (found.Count == 0) return;
        _next = found[^1].Id + 1;
        _rows = found.Count;
        _bytes = found.Sum(static f => f.Chunk.LongLength);
    }

    /// <summary>What is to be written for the calls since the last time, or null; may be run again where the transaction failed.</summary>
    public Action<DbTransaction>? Take(CorrelationEngine engine)
    {
        // Entries are smaller on disk than in memory: several times as much as is remembered is mostly of the past.
        var past = _rows > 0 && (IsStale || _rows > MaxRows || _bytes > Math.Max(LeastBytes, engine.Bytes * 2) || (engine.Bytes == 0 && _record.Length == 0));
        if (past) return Anew(engine);
        IsStale = false;
        if (_record.Take() is not { } chunk) return null;
        var id = Add(chunk);
        return transaction => Insert(transaction, id, chunk);
    }

    private Action<DbTransaction> Anew(CorrelationEngine engine)
    {
        IsStale = false;
        _record.Take();
        (_rows, _bytes) = (0, 0);
        var first = _next;
        var chunks = new List<(long Id, byte[] Chunk)>();
        foreach (var state in engine.States)
        {
            foreach (var group in state.All)
            {
                foreach (ref readonly var entry in group.Entries.Span)
                {
                    _record.Entered(state.Correlation, group, entry);
                    if (_record.Length >= ChunkBytes) Cut();
                }
                _record.Marked(state.Correlation, group);
            }
        }
        Cut();
        return transaction =>
        {
            transaction.Execute("DELETE FROM detection_correlation_journal WHERE id < @p0", first);
            foreach (var (id, chunk) in chunks) Insert(transaction, id, chunk);
        };

        void Cut()
        {
            if (_record.Take() is { } chunk) chunks.Add((Add(chunk), chunk));
        }
    }

    private long Add(byte[] chunk)
    {
        _rows++;
        _bytes += chunk.Length;
        return _next++;
    }

    private static void Insert(DbTransaction transaction, long id, byte[] chunk) =>
        transaction.Execute("INSERT INTO detection_correlation_journal(id, chunk) VALUES (@p0, @p1) ON CONFLICT(id) DO NOTHING", id, chunk);
}
