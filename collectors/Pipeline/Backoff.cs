namespace Beacon.Collectors.Pipeline;

/// <summary>Waits between tries: doubling from 0.1 s to 10 s.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private double _seconds = 0.1;

    public async Task WaitAsync(CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(_seconds), time, cancellation).ConfigureAwait(false);
        _seconds = Math.Min(10, _seconds * 2);
    }
}
