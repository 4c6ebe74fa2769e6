using Beacon.Collectors.Spool;

namespace Beacon.Collectors.Pipeline;

/// <summary>Where receivers put frames, and count those that they lose.</summary>
internal class Intake(FrameSpool spool, LossLedger ledger, CollectorsMeter meter)
{
    private readonly FrameSpool _spool = spool;
    private readonly LossLedger _ledger = ledger;
    private readonly CollectorsMeter _meter = meter;

    /// <summary>One beside another, for who takes frames in its stead.</summary>
    protected Intake(Intake other) : this(other._spool, other._ledger, other._meter)
    {
    }

    public int MaxFrameBytes => _spool.Settings.MaxFrameBytes;
    public bool IsFull => _spool.IsFull;
    public ulong SpoolIdentity => _spool.Identity;

    public FrameBatch NewBatch(string source) => new(source, MaxFrameBytes);

    /// <summary>Answers once the frames are on disk.</summary>
    /// <param name="wait">Waits while the spool is full: for senders that can be slowed down.</param>
    public virtual async ValueTask<AppendResult> AppendAsync(FrameBatch batch, bool wait, CancellationToken cancellation)
    {
        var result = await _spool.AppendAsync(batch, wait, cancellation).ConfigureAwait(false);
        if (result.Stored) _meter.Received(batch.Source, batch.Count);
        return result;
    }

    /// <summary>Appends until the disk takes it, for senders whose data stays where it is until then (a file, a blocked connection).</summary>
    /// <returns>False where the program is stopping.</returns>
    public async ValueTask<bool> AppendSurelyAsync(FrameBatch batch, TimeProvider time, CancellationToken cancellation)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            var result = await AppendAsync(batch, wait: true, cancellation).ConfigureAwait(false);
            if (result.Stored) return true;
            if (result.Status == AppendStatus.Stopped) return false;
            await backoff.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public virtual void Drop(string source, long frames, string reason) => _ledger.Drop(source, frames, reason);
}
