namespace Beacon.Web.Commands.Bench.Nab;

/// <summary>A point that counts: its series, its window (or -1), its score and what a detection there is worth before weights.</summary>
internal readonly record struct NabPoint(int Series, int Window, double Score, double Worth);

/// <summary>Adds detections up, in any order.</summary>
internal sealed class NabTally
{
    private readonly NabProfile _profile;
    private readonly double[][] _windows;

    public NabTally(IReadOnlyList<NabResult> results, NabProfile profile)
    {
        _profile = profile;
        _windows = [.. results.Select(r => r.Series.Windows.Select(_ => -profile.FalseNegative).ToArray())];
        Raw = _windows.Sum(w => w.Sum());
    }

    public double Raw { get; private set; }

    public void Detect(NabPoint point)
    {
        if (point.Window < 0)
        {
            Raw += point.Worth * _profile.FalsePositive;
            return;
        }
        ref var best = ref _windows[point.Series][point.Window];
        var worth = point.Worth * _profile.TruePositive;
        if (worth <= best) return;
        Raw += worth - best;
        best = worth;
    }
}
