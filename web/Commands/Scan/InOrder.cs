namespace Beacon.Web.Commands.Scan;

/// <summary>
/// Brings what several threads finish back into order. A thread that is too far ahead waits, so that no more than a few are held; the
/// one whose turn it is never does.
/// </summary>
/// <param name="emit">Called for one after another, in their order, by one thread at a time.</param>
/// <param name="window">How many may be held.</param>
internal sealed class InOrder<T>(Action<T> emit, int window)
{
    private readonly Lock _gate = new();
    private readonly object _turn = new();
    private readonly Dictionary<long, T> _held = [];
    private long _next;
    private bool _stopped;

    /// <summary>Takes the item of a number; every number from 0 on must come once.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Put(long number, T item)
    {
        lock (_turn)
        {
            while (number - Volatile.Read(ref _next) >= window && !_stopped) Monitor.Wait(_turn);
            if (_stopped) throw new OperationCanceledException();
        }
        lock (_gate)
        {
            _held.Add(number, item);
            while (_held.Remove(_next, out var due))
            {
                emit(due);
                Volatile.Write(ref _next, _next + 1);
            }
        }
        lock (_turn) Monitor.PulseAll(_turn);
    }

    /// <summary>Lets every thread that waits go.</summary>
    public void Stop()
    {
        lock (_turn)
        {
            _stopped = true;
            Monitor.PulseAll(_turn);
        }
    }
}
