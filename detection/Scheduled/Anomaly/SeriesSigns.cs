namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>Measures the signs of a series at each point: 0 where there is nothing of a sign, in the series' unit otherwise.</summary>
internal sealed class SeriesSigns
{
    /// <summary>Number of signs: the members of <see cref="SeriesSign"/>.</summary>
    public const int Count = 12;

    private const int Recent = 12;
    // Differences this small beside the value are rounding.
    private const double Rounding = 1e-6;

    private readonly float[] _last = new float[Recent];
    private RunningMean _short;
    private RunningMean _middle;
    private RunningMean _some;
    private RunningMean _long;
    private RunningMean _scatter;
    private RunningMean _size;
    private int _next;
    private bool _full;

    /// <summary>Measures, then learns the value.</summary>
    /// <param name="signs">Where the measures go, by <see cref="SeriesSign"/>.</param>
    public void Measure(double value, double expected, Span<double> signs)
    {
        var surplus = value - expected;
        _some.Add(surplus, 1 / 6.0);
        _long.Add(surplus, 1 / 32.0);
        _size.Add(Math.Abs(value), 1 / 150.0);
        var least = _size.Value * Rounding;
        Split(SeriesSign.Rise, _short.IsEmpty ? 0 : value - _short.Value, least, signs);
        Split(SeriesSign.High, _middle.IsEmpty ? 0 : value - _middle.Value, least, signs);
        Split(SeriesSign.AboveUsual, surplus, least, signs);
        Split(SeriesSign.StaysAbove, _some.Value, least, signs);
        Split(SeriesSign.DriftsAbove, _long.Value, least, signs);
        _short.Add(value, 1 / 12.0);
        _middle.Add(value, 1 / 48.0);
        _last[_next] = (float)value;
        _next = (_next + 1) % Recent;
        _full |= _next == 0;
        if (_full) Scatter(least, signs);
    }

    private void Scatter(double least, Span<double> signs)
    {
        double mean = 0, squares = 0;
        foreach (var value in _last) mean += value;
        mean /= Recent;
        foreach (var value in _last) squares += (value - mean) * (value - mean);
        var scatter = Math.Sqrt(squares / Recent);
        if (scatter < least) scatter = 0;
        _scatter.Add(scatter, 1 / 500.0);
        var usual = _scatter.Value;
        signs[(int)SeriesSign.Restless] = scatter;
        signs[(int)SeriesSign.Still] = usual > 0 ? usual / (scatter + 0.05 * usual) : 0;
    }

    private static void Split(SeriesSign above, double surplus, double least, Span<double> signs)
    {
        signs[(int)above] = surplus > least ? surplus : 0;
        signs[(int)above + 1] = surplus < -least ? -surplus : 0;
    }
}
