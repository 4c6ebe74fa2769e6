namespace Beacon.Web.Commands.Bench.Nab;

/// <summary>A series with a detector's scores, one a point; higher is stranger.</summary>
internal sealed record NabResult(NabSeries Series, double[] Scores);

/// <summary>What one threshold gives.</summary>
/// <param name="Threshold">A point is a detection where its score is at least this.</param>
/// <param name="Raw">Sum over windows and false detections.</param>
/// <param name="Normalised">0 for a detector that never speaks, 100 for one that finds each window at its beginning and nothing else.</param>
internal readonly record struct NabScore(double Threshold, double Raw, double Normalised);

/// <summary>
/// NAB's score (Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", 2015): the earliest detection in a window counts, the earlier the more;
/// detections outside cost, close behind a window less; the probation counts for nothing.
/// </summary>
internal static class NabScorer
{
    /// <summary>A threshold above every score: nothing is detected.</summary>
    public const double Never = double.PositiveInfinity;

    private const double FarBehind = 3;

    /// <summary>The reward at a place relative to a window's right edge: -1 is its left edge, 0 its right one, above lies behind it.</summary>
    public static double Sigmoid(double position) => position > FarBehind ? -1 : 2 / (1 + Math.Exp(5 * position)) - 1;

    /// <summary>The score at one threshold.</summary>
    public static NabScore At(IReadOnlyList<NabResult> results, NabProfile profile, double threshold)
    {
        var tally = new NabTally(results, profile);
        foreach (var point in Points(results)) if (point.Score >= threshold) tally.Detect(point);
        return new NabScore(threshold, tally.Raw, Normalise(tally.Raw, results, profile));
    }

    /// <summary>The score at the threshold that is best over all series together.</summary>
    public static NabScore Best(IReadOnlyList<NabResult> results, NabProfile profile)
    {
        var tally = new NabTally(results, profile);
        var points = Points(results);
        points.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        var (threshold, best) = (Never, tally.Raw);
        for (var i = 0; i < points.Count; i++)
        {
            tally.Detect(points[i]);
            // Points of one score are detected together or not at all.
            if (i + 1 < points.Count && points[i + 1].Score.Equals(points[i].Score)) continue;
            if (tally.Raw > best) (threshold, best) = (points[i].Score, tally.Raw);
        }
        return new NabScore(threshold, best, Normalise(best, results, profile));
    }

    private static double Normalise(double raw, IReadOnlyList<NabResult> results, NabProfile profile)
    {
        var windows = results.Sum(r => r.Series.Windows.Count);
        var silent = -profile.FalseNegative * windows;
        var perfect = profile.TruePositive * windows;
        return windows == 0 ? 0 : 100 * (raw - silent) / (perfect - silent);
    }

    private static List<NabPoint> Points(IReadOnlyList<NabResult> results)
    {
        var points = new List<NabPoint>(results.Sum(r => r.Scores.Length));
        for (var r = 0; r < results.Count; r++)
        {
            var (series, scores) = results[r];
            var next = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                while (next < series.Windows.Count && series.Windows[next].Last < i) next++;
                if (i < series.Probation) continue;
                var inside = next < series.Windows.Count && series.Windows[next].First <= i;
                points.Add(inside
                    ? new NabPoint(r, next, scores[i], Inside(series.Windows[next], i))
                    : new NabPoint(r, -1, scores[i], next == 0 ? -1 : Behind(series.Windows[next - 1], i)));
            }
        }
        return points;
    }

    private static double Inside(NabWindow window, int row) => Sigmoid(-(window.Last - row + 1) / (double)window.Width) / Sigmoid(-1);

    private static double Behind(NabWindow window, int row) => Sigmoid((row - window.Last) / Math.Max(1.0, window.Width - 1));
}
