namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>What one view of a series says of a point.</summary>
/// <param name="Evidence">What is more unlikely than usual, in powers of ten, over all signs.</param>
/// <param name="Surprise">The strongest sign's, minus log10 of how often it is so strong.</param>
internal readonly record struct Sight(double Evidence, double Surprise, SeriesSign Sign, double Expected, double Spread);

/// <summary>The signs of a series, each judged by its own past.</summary>
/// <param name="block">Points of which the past keeps the largest.</param>
internal sealed class SeriesView(int block)
{
    // The running means settle first.
    private const int Unsettled = 30;

    private readonly SeasonProfile _season = new();
    private readonly SeriesSigns _signs = new();
    private readonly TailHistory[] _tails = new TailHistory[SeriesSigns.Count];
    private int _unsettled = Unsettled;

    /// <param name="usual">Surprise that means nothing.</param>
    public Sight Look(DateTime time, double value, double usual)
    {
        var spread = _season.Spread;
        var expected = _season.Expect(time, value);
        Span<double> signs = stackalloc double[SeriesSigns.Count];
        signs.Clear();
        _signs.Measure(value, expected, signs);
        double evidence = 0, strongest = 0;
        var sign = SeriesSign.Rise;
        for (var i = 0; i < signs.Length; i++)
        {
            ref var tail = ref _tails[i];
            var surprise = tail.Surprise(signs[i]);
            if (_unsettled == 0) tail.Add(signs[i], block);
            evidence += Math.Max(0, surprise - usual);
            if (surprise > strongest) (strongest, sign) = (surprise, (SeriesSign)i);
        }
        if (_unsettled > 0) _unsettled--;
        return new Sight(evidence, strongest, sign, expected, spread);
    }
}
