namespace Beacon.Detections.Indicators;

/// <summary>The index over the table, made anew when the table has changed, whichever process changed it.</summary>
internal sealed class IndicatorSet(IndicatorTable table, DetectionMetrics? metrics = null) : IIndicators, IDisposable
{
    private sealed record Loaded(long Version, IndicatorIndex Index);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Loaded _current = new(0, new IndicatorIndex([]));

    public async Task<IndicatorIndex> CurrentAsync(CancellationToken cancellation)
    {
        var version = await table.VersionAsync(cancellation).ConfigureAwait(false);
        if (version == _current.Version) return _current.Index;
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // The version is read first: what changes meanwhile is read again at the next call.
            version = await table.VersionAsync(cancellation).ConfigureAwait(false);
            if (version == _current.Version) return _current.Index;
            _current = new Loaded(version, new IndicatorIndex(await table.ReadAsync(cancellation).ConfigureAwait(false)));
            metrics?.Indicators(_current.Index.All.Count);
            return _current.Index;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
