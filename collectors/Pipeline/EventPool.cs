using System.Collections.Concurrent;
using Beacon.Events;

namespace Beacon.Collectors.Pipeline;

/// <summary>Events between two uses. Those that grew large are let go, so that one big frame is not remembered for ever.</summary>
internal sealed class EventPool(int ceiling)
{
    /// <summary>A frame longer than this makes an event that is not kept, in bytes.</summary>
    public const int LargeFrame = 8 * 1024;

    private readonly ConcurrentBag<SecurityEvent> _free = [];
    private int _count;

    public SecurityEvent Rent()
    {
        if (!_free.TryTake(out var e)) return new SecurityEvent(2048, 48);
        Interlocked.Decrement(ref _count);
        e.Reset();
        return e;
    }

    public void Return(SecurityEvent e)
    {
        if (e.Count > 256 || Volatile.Read(ref _count) >= ceiling) return;
        Interlocked.Increment(ref _count);
        _free.Add(e);
    }
}
