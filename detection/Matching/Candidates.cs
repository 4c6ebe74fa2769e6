namespace Beacon.Detections.Matching;

/// <summary>Rules, or groups of them, found for the event in hand, each once.</summary>
internal sealed class Candidates
{
    private uint[] _stamps = [];
    private uint _stamp;

    public List<int> Found { get; } = new(64);

    public void Begin(int count)
    {
        Found.Clear();
        if (_stamps.Length < count) Array.Resize(ref _stamps, count);
        if (++_stamp != 0) return;
        Array.Clear(_stamps);
        _stamp = 1;
    }

    public void Add(int[] ordinals)
    {
        foreach (var ordinal in ordinals) Add(ordinal);
    }

    public void Add(int ordinal)
    {
        ref var stamp = ref _stamps[ordinal];
        if (stamp == _stamp) return;
        stamp = _stamp;
        Found.Add(ordinal);
    }
}
