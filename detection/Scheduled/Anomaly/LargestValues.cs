using System.Runtime.CompilerServices;

namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>The largest values, falling; 0 where there were none. Within its owner, since a series has many of them.</summary>
[InlineArray(Count)]
internal struct LargestValues
{
    public const int Count = 16;

    private float _first;

    /// <summary>True where the value is among the largest now.</summary>
    public bool Add(float value)
    {
        Span<float> values = this;
        if (value <= values[^1]) return false;
        var at = Count - 1;
        for (; at > 0 && values[at - 1] < value; at--) values[at] = values[at - 1];
        values[at] = value;
        return true;
    }
}
