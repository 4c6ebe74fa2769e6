namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>
/// Finds anomalies in one series of numbers: online, one pass, nothing to tune. It looks at the values and at their ratios, measures a dozen signs in each view, asks of
/// each sign how unlikely it is by this series' own past, adds up what is more unlikely than usual, and tells the beginning of an event once. Below 10 kB a series.
/// Not safe for several threads. See docs/decisions/0024.
/// </summary>
public sealed class SeriesDetector
{
    /// <summary>The score from which a point is an anomaly.</summary>
    public const double Threshold = 0.5;

    /// <summary>Fewest points to learn from.</summary>
    public const int LeastLearning = 40;

    // Stretches of a learning period: what comes of one event should be one value of the past.
    private const int Stretches = 75;
    private const double Usual = 0.9;
    private const double MoreWithAge = 0.1;
    private const double SizeFade = 1 / 2_000.0;

    private readonly int _learning;
    private readonly int _block;
    private readonly SeriesView _values;
    private readonly SeriesView _ratios;
    private readonly AlarmGate _gate;
    private RunningMean _size;
    private long _seen;

    /// <param name="learning">Points that are learned from before anything is judged, at least <see cref="LeastLearning"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learning"/> is too small.</exception>
    public SeriesDetector(int learning)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(learning, LeastLearning);
        _learning = learning;
        _block = Math.Max(2, (int)Math.Round((double)learning / Stretches));
        _gate = new AlarmGate(learning);
        _values = new SeriesView(_block);
        _ratios = new SeriesView(_block);
    }

    /// <summary>Judges a point by those before it, then learns it.</summary>
    /// <param name="time">When; may be irregular.</param>
    /// <param name="value">A finite number, of at most 1e30.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite, or larger.</exception>
    public SeriesVerdict Observe(DateTimeOffset time, double value)
    {
        if (!(Math.Abs(value) <= 1e30)) throw new ArgumentOutOfRangeException(nameof(value), value, "A finite number of at most 1e30 is expected.");
        _size.Add(Math.Abs(value), SizeFade);
        var ratio = _size.Value > 0 ? Math.CopySign(Math.Log(1 + Math.Abs(value) / _size.Value), value) : 0;
        var usual = Usual + MoreWithAge * Math.Log10(1 + (double)_seen / _learning);
        var seen = _values.Look(time.UtcDateTime, value, usual);
        var inRatios = _ratios.Look(time.UtcDateTime, ratio, usual);
        var stronger = inRatios.Surprise > seen.Surprise ? inRatios : seen;

        _gate.Step();
        var judged = _seen < _learning ? 0 : _gate.Pass((seen.Evidence + inRatios.Evidence) / 2);
        var onceIn = stronger.Surprise > 0 ? _block * Math.Pow(10, stronger.Surprise) : 1;
        return new SeriesVerdict(judged / (judged + AlarmGate.Alarm), value, seen.Expected, seen.Spread, stronger.Sign, onceIn, _seen++);
    }
}
