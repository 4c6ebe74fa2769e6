using System.Globalization;

namespace Beacon.Collectors.Pipeline;

/// <summary>
/// Learns within what time a source's next frame is to be expected. Gaps between seconds with frames are weighed by their length, so
/// that a burst's many short gaps do not hide the long one between bursts, and a rare outage does not count as normal. Old weight halves weekly.
/// </summary>
internal sealed class Cadence
{
    /// <summary>Bucket i holds gaps from 2^(i/2) seconds: up to 2^24 seconds, half a year.</summary>
    private const int Buckets = 48;
    private const int MinGaps = 10;
    private const double Share = 0.95;
    private const double HalvingSeconds = 7 * 86_400;
    private readonly double[] _weights = new double[Buckets];
    private long _gaps;
    private long _lastSecond;

    public TimeSpan? Expected
    {
        get
        {
            if (_gaps < MinGaps) return null;
            var total = _weights.Sum();
            var sum = 0.0;
            for (var i = 0; i < Buckets; i++)
            {
                sum += _weights[i];
                if (sum >= total * Share) return TimeSpan.FromSeconds(Math.Ceiling(Math.Pow(2, (i + 1) / 2.0)));
            }
            return null;
        }
    }

    public void Observe(long second)
    {
        // The first second after a start says nothing: the silence before it may have been ours.
        if (_lastSecond != 0 && second > _lastSecond)
        {
            var gap = second - _lastSecond;
            _weights[Math.Clamp((int)(2 * Math.Log2(gap)), 0, Buckets - 1)] += gap;
            _gaps++;
            if (_weights.Sum() > HalvingSeconds * 2)
                for (var i = 0; i < Buckets; i++) _weights[i] /= 2;
        }
        _lastSecond = Math.Max(_lastSecond, second);
    }

    public string Save() => _gaps.ToString(CultureInfo.InvariantCulture) + ";" + string.Join(';', _weights.Select(w => w.ToString("R", CultureInfo.InvariantCulture)));

    public static Cadence Load(string text)
    {
        var cadence = new Cadence();
        var parts = text.Split(';');
        if (parts.Length != Buckets + 1 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out cadence._gaps)) return new Cadence();
        for (var i = 0; i < Buckets; i++)
            if (!double.TryParse(parts[i + 1], CultureInfo.InvariantCulture, out cadence._weights[i]) || !double.IsFinite(cadence._weights[i])) return new Cadence();
        return cadence;
    }
}
