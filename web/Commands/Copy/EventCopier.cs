using Beacon.Events;

namespace Beacon.Web.Commands.Copy;

/// <summary>What a copy has done so far.</summary>
internal sealed record CopyProgress(string Phase, long UpTo, long Last, long Events);

/// <summary>
/// Copies events from one store to an empty one, or goes on with a copy that was broken off: in order of their frames, so that the target's own committed
/// number says how far it came. Then both are read and compared, span by span.
/// </summary>
internal sealed class EventCopier(IEventStore from, IEventStore to, CopyClock clock, Action<CopyProgress> progress)
{
    /// <summary>Events held in memory at most, but for one frame's.</summary>
    private const int MaxEvents = 20_000;

    /// <summary>Also events whose clocks were wrong by centuries.</summary>
    private static readonly TimeRange AllTime = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>Copies what the target lacks.</summary>
    /// <returns>Events copied now.</returns>
    public async Task<long> CopyAsync(CancellationToken cancellation)
    {
        long copied = 0;
        await foreach (var (upTo, events) in SpansAsync(from, to.CommittedSequence, from.CommittedSequence, cancellation))
        {
            // A day of ingestion at a time: each goes to the target's part of that day.
            var rest = events.OrderBy(static e => e.Sequence).ToList();
            while (rest.Count > 0)
            {
                var day = rest[0].Received.UtcDateTime.Date;
                var same = rest.TakeWhile(e => e.Received.UtcDateTime.Date == day || e.Sequence == rest[0].Sequence).ToList();
                rest.RemoveRange(0, same.Count);
                // All events of a frame are one batch: a number is committed once.
                while (rest.Count > 0 && rest[0].Sequence == same[^1].Sequence)
                {
                    same.Add(rest[0]);
                    rest.RemoveAt(0);
                }
                clock.Set(same[0].Received);
                await to.AppendAsync(same, rest.Count == 0 ? upTo : same[^1].Sequence, cancellation);
                copied += same.Count;
            }
            if (events.Count == 0) await to.AppendAsync([], upTo, cancellation);
            progress(new CopyProgress("copied", upTo, from.CommittedSequence, copied));
        }
        return copied;
    }

    /// <summary>Reads both stores whole.</summary>
    /// <returns>Both sums, and the first span in which they differ; null where they agree.</returns>
    public async Task<(EventSum From, EventSum To, (long After, long UpTo)? Differs)> CompareAsync(CancellationToken cancellation)
    {
        EventSum left = default, right = default;
        (long, long)? differs = null;
        long after = -1;
        await foreach (var (upTo, events) in SpansAsync(from, -1, Math.Max(from.CommittedSequence, to.CommittedSequence), cancellation))
        {
            var one = Sum(events);
            var other = Sum(await ReadAsync(to, after, upTo, cancellation));
            if (one != other) differs ??= (after, upTo);
            (left, right, after) = (left + one, right + other, upTo);
            progress(new CopyProgress("compared", upTo, from.CommittedSequence, left.Count));
        }
        return (left, right, differs);
    }

    private static EventSum Sum(IEnumerable<SecurityEvent> events) => events.Aggregate(default(EventSum), static (sum, e) => sum + EventSum.Of(e));

    /// <summary>Spans of frames with the events of each, wider where there are few.</summary>
    private static async IAsyncEnumerable<(long UpTo, List<SecurityEvent> Events)> SpansAsync(IEventStore store, long after, long last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // An event that passed no spool has number 0.
        if (after == 0) after = -1;
        long width = MaxEvents;
        while (after < last)
        {
            var upTo = last - after <= width ? last : after + width;
            var count = await store.CountAsync(Span(after, upTo), AllTime, cancellation);
            if (count > MaxEvents && width > 1)
            {
                width = Math.Max(1, width / 2);
                continue;
            }
            yield return (upTo, count == 0 ? [] : await ReadAsync(store, after, upTo, cancellation));
            after = upTo;
            if (count < MaxEvents / 4) width = Math.Min(width * 2, long.MaxValue / 4);
        }
    }

    private static async Task<List<SecurityEvent>> ReadAsync(IEventStore store, long after, long upTo, CancellationToken cancellation)
    {
        var events = new List<SecurityEvent>();
        await foreach (var batch in store.ScanAsync(new EventScan(Span(after, upTo), AllTime), cancellation)) events.AddRange(batch);
        return events;
    }

    private static EventFilter Span(long after, long upTo) => EventFilter.And(
        new FieldFilter("beacon.sequence", FieldTest.Greater, FormattableString.Invariant($"{after}")), new FieldFilter("beacon.sequence", FieldTest.LessOrEqual, FormattableString.Invariant($"{upTo}")));
}
