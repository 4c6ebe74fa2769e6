namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>An average in which the past fades: exact over the first points, then exponential.</summary>
internal struct RunningMean
{
    private float _mean;
    private int _count;

    public readonly double Value => _mean;

    public readonly bool IsEmpty => _count == 0;

    /// <param name="fade">Weight of a new value, over 0 to 1.</param>
    public void Add(double value, double fade)
    {
        if (_count < int.MaxValue) _count++;
        _mean += (float)((value - _mean) * Math.Max(fade, 1.0 / _count));
    }
}
