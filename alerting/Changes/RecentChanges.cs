using Beacon.Events;

namespace Beacon.Alerting.Changes;

/// <summary>
/// The newest rows of the outbox, read from the database once for all who follow: a hundred listeners are then woken without a hundred queries.
/// Only committed rows get here. At most 2,000 of them, and 8 million characters of payload.
/// </summary>
internal sealed class RecentChanges(IStateDatabase database) : IDisposable
{
    internal const int Most = 2_000;
    private const long MostCharacters = 8_000_000;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Kept? _kept;

    /// <summary>What follows a number, up to at least <paramref name="latest"/> where the limit allows.</summary>
    /// <param name="latest">The newest number known to be committed, above <paramref name="sequence"/>.</param>
    /// <returns>Null where the number lies before what is kept: the database has to be asked.</returns>
    public async ValueTask<ChangeBatch?> AfterAsync(long sequence, long latest, int limit, CancellationToken cancellation)
    {
        var kept = _kept;
        if (kept is null || kept.UpTo < latest) kept = await CatchUpAsync(latest, cancellation).ConfigureAwait(false);
        if (sequence < kept.After || sequence >= kept.UpTo) return null;
        var (low, high) = (0, kept.Rows.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (kept.Rows[middle].Sequence <= sequence) low = middle + 1;
            else high = middle;
        }
        var rows = new ArraySegment<Change>(kept.Rows, low, Math.Min(limit, kept.Rows.Length - low));
        return new ChangeBatch(rows, rows.Count == 0 ? kept.UpTo : rows[^1].Sequence, kept.UpTo, false);
    }

    /// <summary>Rows up to this number are removed: whoever asks for them is to be told so.</summary>
    public async Task ForgetAsync(long upTo, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        if (_kept is { } kept && kept.After < upTo) _kept = kept.Behind(upTo);
        _reading.Release();
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Kept> CatchUpAsync(long latest, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var kept = _kept ?? await BeginAsync(latest, cancellation).ConfigureAwait(false);
            while (kept.UpTo < latest)
            {
                var from = kept.UpTo;
                var rows = await database.ReadAsync(c => ChangeFeed.Rows(c, from, IChangeFeed.MaxLimit), cancellation).ConfigureAwait(false);
                kept = rows.Count == 0 ? kept with { UpTo = latest } : kept.With(rows);
            }
            return _kept = kept;
        }
        finally
        {
            _reading.Release();
        }
    }

    private Task<Kept> BeginAsync(long latest, CancellationToken cancellation) => database.ReadAsync(c =>
    {
        var after = Math.Max(latest - Most, ChangeFeed.Removed(c));
        return new Kept(after, after, []);
    }, cancellation);

    /// <summary>Every row whose number is above <see cref="After"/> and not above <see cref="UpTo"/>.</summary>
    private sealed record Kept(long After, long UpTo, Change[] Rows)
    {
        public Kept With(IReadOnlyList<Change> more)
        {
            Change[] all = [.. Rows, .. more];
            var first = Math.Max(0, all.Length - Most);
            long characters = 0;
            for (var i = all.Length - 1; i >= first; i--)
                if ((characters += all[i].Payload.Length) > MostCharacters) { first = i + 1; break; }
            return new Kept(first == 0 ? After : all[first - 1].Sequence, all[^1].Sequence, all[first..]);
        }

        public Kept Behind(long sequence) => new(sequence, Math.Max(UpTo, sequence), [.. Rows.Where(r => r.Sequence > sequence)]);
    }
}
