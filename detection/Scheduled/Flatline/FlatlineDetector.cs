using Beacon.Detections.Scheduled.Findings;
using Beacon.Detections.Scheduled.Series;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Flatline;

/// <summary>What came steadily comes no more, or hardly: a log that was switched off, a sensor that stands still.</summary>
internal sealed class FlatlineDetector(IEventStore store, TimeProvider time) : UsualLevelDetector(store, time)
{
    public override string Name => "flatline";

    /// <summary>Mean of the past from which a group is worth watching.</summary>
    protected override double LeastByDefault => 10;

    protected override double ReadFactor(SettingsReader settings) => settings.Number("below", 0, 0.9, 0.1);

    protected override bool Begins(ReadOnlySpan<double> past, double last, UsualLevel usual, UsualLevelSettings settings)
    {
        var flat = usual.Mean * settings.Factor;
        if (usual.Mean < settings.AtLeast || last > flat || past[^1] <= flat) return false;
        var asLow = 0;
        foreach (var value in past) if (value <= last) asLow++;
        return asLow <= past.Length * UsualLevel.Rarely;
    }

    protected override (string Name, string Value) Distance(double last, double mean) => ("share", Wording.Number(last / mean));
}
