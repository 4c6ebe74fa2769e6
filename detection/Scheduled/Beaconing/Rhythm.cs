namespace Beacon.Detections.Scheduled.Beaconing;

/// <summary>How regularly something comes.</summary>
/// <param name="Period">Median distance of two in a row, in seconds.</param>
/// <param name="Jitter">Median deviation from the beat, as a share of the period.</param>
/// <param name="OnBeat">Share of the distances that are the period, or a small multiple where beats were missed, within the tolerance.</param>
/// <param name="OnceIn">So regular by chance, with calls at random times of the same rate, at most once in so many series.</param>
internal sealed record Rhythm(double Period, double Jitter, double OnBeat, double OnceIn)
{
    // A lost beat or two leave the rhythm; beyond, any distance is near some multiple.
    private const int MostMissed = 3;

    /// <param name="times">In order, at least three, in seconds.</param>
    /// <param name="tolerance">Share of the period within which a beat is on its place, over 0 to 0.5.</param>
    public static Rhythm? Of(IReadOnlyList<double> times, double tolerance)
    {
        var gaps = new double[times.Count - 1];
        for (var i = 0; i < gaps.Length; i++) gaps[i] = times[i + 1] - times[i];
        var period = Median(gaps);
        if (period <= 0) return null;
        var off = new double[gaps.Length];
        var on = 0;
        for (var i = 0; i < gaps.Length; i++)
        {
            var beats = Math.Round(gaps[i] / period);
            off[i] = beats < 1 || beats > MostMissed ? 0.5 : Math.Abs(gaps[i] / period - beats);
            if (off[i] <= tolerance) on++;
        }
        return new Rhythm(period, Median(off), (double)on / gaps.Length, 1 / Chance(gaps.Length, on, tolerance));
    }

    /// <summary>
    /// Chance that so many of the distances lie on the beat although the calls are random: distances are then exponential with this median. The tail of the
    /// binomial is bounded from above (Chernoff), so the answer is never too small.
    /// </summary>
    private static double Chance(int gaps, int on, double tolerance)
    {
        var single = 0.0;
        for (var beats = 1; beats <= MostMissed; beats++) single += Math.Pow(2, -(beats - tolerance)) - Math.Pow(2, -(beats + tolerance));
        var share = (double)on / gaps;
        if (share <= single) return 1;
        var divergence = share * Math.Log(share / single) + (share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - single)) : 0);
        return Math.Max(1e-300, Math.Exp(-gaps * divergence));
    }

    private static double Median(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
