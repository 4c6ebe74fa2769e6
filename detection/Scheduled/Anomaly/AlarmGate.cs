namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>
/// Lets the beginning of an event through and holds what follows it back, unless that is far stranger. A series that raised often must be stranger to raise again.
/// </summary>
/// <param name="learning">Points that are learned from before anything is judged.</param>
internal sealed class AlarmGate(int learning)
{
    /// <summary>Evidence from which there is an alarm.</summary>
    public const double Alarm = 3;

    private const double FarStranger = 5;
    private const double Weariness = 0.8;
    // As if so many learning periods without an alarm had passed before the first.
    private const double Patience = 3;
    private const double MaxPeriods = 32;

    private readonly int _quiet = learning / 5;
    private double _alarms;
    private double _periods;
    private double _last;
    private int _since = int.MaxValue;

    /// <summary>The evidence that remains of a point's.</summary>
    public double Pass(double evidence)
    {
        var worn = evidence / (1 + Weariness * _alarms / (Patience + _periods));
        if (_since < int.MaxValue) _since++;
        if (_since < _quiet && worn <= _last * FarStranger) return 0;
        if (worn >= Alarm) (_last, _since, _alarms) = (worn, 0, _alarms + 1);
        return worn;
    }

    /// <summary>Counts a point, an alarm's weight fading with time.</summary>
    public void Step()
    {
        _periods += 1.0 / learning;
        if (_periods < MaxPeriods) return;
        _periods /= 2;
        _alarms /= 2;
    }
}
