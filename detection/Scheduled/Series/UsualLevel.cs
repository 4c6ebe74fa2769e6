using Beacon.Detections.Scheduled.Findings;

namespace Beacon.Detections.Scheduled.Series;

/// <summary>What the past of a series says of its last number.</summary>
/// <param name="Mean">Of the past, by interval.</param>
/// <param name="Deviation">Standard deviation of the past, at least that of a Poisson count.</param>
/// <param name="Low">Smallest of the past.</param>
/// <param name="High">Largest of the past.</param>
internal readonly record struct UsualLevel(double Mean, double Deviation, double Low, double High)
{
    /// <summary>Share of the past that may be as extreme as what is called extreme.</summary>
    public const double Rarely = 0.01;

    public static UsualLevel Of(ReadOnlySpan<double> past)
    {
        double sum = 0, squares = 0, low = double.MaxValue, high = double.MinValue;
        foreach (var value in past)
        {
            sum += value;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }
        var mean = sum / past.Length;
        foreach (var value in past) squares += (value - mean) * (value - mean);
        return new UsualLevel(mean, Math.Sqrt(Math.Max(squares / past.Length, Math.Max(Math.Abs(mean), 1))), low, high);
    }

    /// <summary>At most once in so many intervals, whatever the distribution (Cantelli's inequality), by mean and deviation of the past.</summary>
    public double OnceIn(double seen)
    {
        var distance = (seen - Mean) / Deviation;
        return 1 + distance * distance;
    }

    public string Expected => $"{Wording.Number(Mean)} on average, from {Wording.Number(Low)} to {Wording.Number(High)}";
}
