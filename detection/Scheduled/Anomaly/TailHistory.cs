namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>
/// How unlikely a value is, by the largest ones seen before. A stretch of points gives one value, its largest, so that one long event is one
/// event here; the tail beyond the 16th largest is a power law (Hill's estimator), whose slope each series has its own: what is normal for bursts is absurd for a thermostat.
/// </summary>
internal struct TailHistory
{
    /// <summary>Stretches after which the older half of the past is forgotten.</summary>
    public const int Generation = 4_096;

    /// <summary>Nothing is called less likely than one in 10 to this.</summary>
    public const double MaxSurprise = 12;

    // A tail estimated from 16 values may look steeper than it is.
    private const double LeastSlope = 0.1;
    private const double Least = 1e-12;

    private LargestValues _older;
    private LargestValues _recent;
    private int _olderBlocks;
    private int _recentBlocks;
    private int _inBlock;
    private float _largest;
    private float _threshold;
    private float _slope;

    /// <summary>Minus log10 of the share of stretches that reach this value; 0 until there is enough to compare with.</summary>
    /// <param name="value">0 or more.</param>
    public readonly double Surprise(double value)
    {
        var blocks = _olderBlocks + _recentBlocks;
        if (blocks < LargestValues.Count || value <= 0) return 0;
        var atThreshold = Math.Log10((double)blocks / LargestValues.Count);
        if (value <= _threshold) return atThreshold * value / _threshold;
        return Math.Min(MaxSurprise, atThreshold + Math.Log10((value + Least) / (_threshold + Least)) / _slope);
    }

    /// <param name="value">0 or more.</param>
    /// <param name="block">Points of a stretch, at least 1.</param>
    public void Add(double value, int block)
    {
        _largest = Math.Max(_largest, (float)value);
        if (++_inBlock < block) return;
        Keep(_largest);
        (_inBlock, _largest) = (0, 0);
    }

    private void Keep(float value)
    {
        if (_recentBlocks == Generation)
        {
            (_older, _recent) = (_recent, default);
            (_olderBlocks, _recentBlocks) = (_recentBlocks, 0);
            Fit();
        }
        if (_recent.Add(value) || _recentBlocks == 0) Fit();
        _recentBlocks++;
    }

    private void Fit()
    {
        Span<float> largest = stackalloc float[LargestValues.Count];
        for (int i = 0, older = 0, recent = 0; i < largest.Length; i++)
            largest[i] = _older[older] > _recent[recent] ? _older[older++] : _recent[recent++];
        _threshold = largest[^1];
        var sum = 0.0;
        foreach (var value in largest[..^1]) sum += Math.Log((value + Least) / (_threshold + Least));
        var hill = sum / (largest.Length - 1);
        _slope = (float)Math.Sqrt(hill * hill + LeastSlope * LeastSlope);
    }
}
