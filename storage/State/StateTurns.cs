namespace Beacon.State;

/// <summary>Whose turn it is within this process: readers beside each other, as many as connections are held for; writers one after the other.</summary>
internal sealed class StateTurns : IDisposable
{
    /// <summary>Readers at once; the next ones wait.</summary>
    public const int MaxReaders = 16;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(MaxReaders, MaxReaders);
    private int _waiting;

    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await read().ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <exception cref="InvalidOperationException">More than <see cref="StateDatabase.MaxWaitingWriters"/> wait.</exception>
    public async Task<T> WriteAsync<T>(Func<Task<T>> write, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > StateDatabase.MaxWaitingWriters)
        {
            Interlocked.Decrement(ref _waiting);
            throw new InvalidOperationException($"more than {StateDatabase.MaxWaitingWriters} writers wait for the state database");
        }
        try
        {
            await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        try
        {
            return await write().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _writing.Dispose();
        _reading.Dispose();
    }
}
