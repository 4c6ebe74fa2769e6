namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>Durations by the millisecond, up to two minutes: millions of them in half a megabyte, added from many threads.</summary>
internal sealed class Latencies
{
    private const int Most = 120_000;
    private readonly int[] _counts = new int[Most + 1];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <param name="milliseconds">What is below zero counts as 0, what is above two minutes as two minutes.</param>
    public void Add(double milliseconds)
    {
        Interlocked.Increment(ref _counts[(int)Math.Clamp(Math.Round(milliseconds), 0, Most)]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>The smallest duration that at least this share does not exceed, in milliseconds; NaN where there is none.</summary>
    public double Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i <= Most; i++)
            if ((seen += _counts[i]) >= rank) return i;
        return double.NaN;
    }
}
