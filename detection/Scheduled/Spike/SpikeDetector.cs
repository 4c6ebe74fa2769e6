using Beacon.Detections.Scheduled.Findings;
using Beacon.Detections.Scheduled.Series;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Spike;

/// <summary>Many times more in one interval than in those before: a flood, an export, a worm.</summary>
internal sealed class SpikeDetector(IEventStore store, TimeProvider time) : UsualLevelDetector(store, time)
{
    public override string Name => "spike";

    /// <summary>What an interval must have in any case.</summary>
    protected override double LeastByDefault => 20;

    protected override double ReadFactor(SettingsReader settings) => settings.Number("times", 1.1, 1_000_000, 5);

    protected override bool Begins(ReadOnlySpan<double> past, double last, UsualLevel usual, UsualLevelSettings settings)
    {
        var enough = Math.Max(settings.AtLeast, settings.Factor * usual.Mean);
        if (last < enough || past[^1] >= enough) return false;
        var asHigh = 0;
        foreach (var value in past) if (value >= last) asHigh++;
        return asHigh <= past.Length * UsualLevel.Rarely;
    }

    protected override (string Name, string Value) Distance(double last, double mean) => ("times", mean > 0 ? Wording.Number(last / mean) : "there was nothing before");
}
