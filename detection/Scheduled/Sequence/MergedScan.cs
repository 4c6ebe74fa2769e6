using System.Runtime.CompilerServices;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Sequence;

/// <summary>Several scans of a store as one, in order of time; events of the same time come in the order of the store.</summary>
internal static class MergedScan
{
    /// <param name="fields">By step, what is wanted of an event.</param>
    public static async IAsyncEnumerable<(int Step, SecurityEvent Event)> ReadAsync(
        IEventStore store, IReadOnlyList<EventFilter> filters, TimeRange range, IReadOnlyList<IReadOnlyList<string>> fields, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var cursors = new List<Cursor>();
        try
        {
            var next = new PriorityQueue<Cursor, (DateTimeOffset, long, int)>();
            for (var i = 0; i < filters.Count; i++)
            {
                var cursor = new Cursor(i, store.ScanAsync(new EventScan(filters[i], range, fields[i]), cancellation).GetAsyncEnumerator(cancellation));
                cursors.Add(cursor);
                if (await cursor.MoveAsync().ConfigureAwait(false)) next.Enqueue(cursor, cursor.Place);
            }
            while (next.TryDequeue(out var cursor, out _))
            {
                yield return (cursor.Step, cursor.Current);
                if (await cursor.MoveAsync().ConfigureAwait(false)) next.Enqueue(cursor, cursor.Place);
            }
        }
        finally
        {
            foreach (var cursor in cursors) await cursor.DisposeAsync().ConfigureAwait(false);
        }
    }

    private sealed class Cursor(int step, IAsyncEnumerator<IReadOnlyList<SecurityEvent>> batches) : IAsyncDisposable
    {
        private int _at = -1;

        public int Step => step;

        public SecurityEvent Current => batches.Current[_at];

        // Of one event the later step comes first: it may follow an event before it, and not itself.
        public (DateTimeOffset, long, int) Place => (Current.Timestamp, Current.Sequence, -step);

        public async ValueTask<bool> MoveAsync()
        {
            if (_at >= 0 && ++_at < batches.Current.Count) return true;
            while (await batches.MoveNextAsync().ConfigureAwait(false))
            {
                if (batches.Current.Count == 0) continue;
                _at = 0;
                return true;
            }
            return false;
        }

        public ValueTask DisposeAsync() => batches.DisposeAsync();
    }
}
