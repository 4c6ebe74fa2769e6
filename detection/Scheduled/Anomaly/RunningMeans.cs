namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>An average a slot: <see cref="RunningMean"/> many times, in five bytes each.</summary>
/// <param name="fade">Weight of a new value, 1/255 to 1.</param>
internal sealed class RunningMeans(int slots, double fade)
{
    private readonly float[] _means = new float[slots];
    private readonly byte[] _counts = new byte[slots];

    /// <summary>The slot's average, or what is given where it is empty.</summary>
    public double ValueOr(int slot, double otherwise) => _counts[slot] == 0 ? otherwise : _means[slot];

    public void Add(int slot, double value)
    {
        if (_counts[slot] < byte.MaxValue) _counts[slot]++;
        _means[slot] += (float)((value - _means[slot]) * Math.Max(fade, 1.0 / _counts[slot]));
    }
}
