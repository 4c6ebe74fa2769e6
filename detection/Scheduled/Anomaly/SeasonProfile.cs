namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>What is usual at this time of the day and at this hour of the week (UTC), beside what is usual at all; it follows whichever foretold best of late.</summary>
internal sealed class SeasonProfile
{
    private const int SlotsOfDay = 144;
    private const int HoursOfWeek = 168;
    private const double LevelFade = 1 / 2_000.0;
    private const double ErrorFade = 1 / 150.0;

    private readonly RunningMeans _day = new(SlotsOfDay, 0.12);
    private readonly RunningMeans _week = new(HoursOfWeek, 0.1);
    private RunningMean _level;
    private RunningMean _dayError;
    private RunningMean _weekError;
    private RunningMean _levelError;

    /// <summary>Usual distance of the best forecast from what came.</summary>
    public double Spread => Math.Min(_levelError.Value, Math.Min(_dayError.Value, _weekError.Value));

    /// <summary>What is expected at a time; then the value that came is learned.</summary>
    public double Expect(DateTime time, double value)
    {
        var slot = (int)(time.TimeOfDay.Ticks * SlotsOfDay / TimeSpan.TicksPerDay);
        var hour = (int)time.DayOfWeek * 24 + time.Hour;
        var level = _level.IsEmpty ? value : _level.Value;
        var day = _day.ValueOr(slot, level);
        var week = _week.ValueOr(hour, day);
        var expected = _levelError.Value < Math.Min(_weekError.Value, _dayError.Value) ? level : _weekError.Value < _dayError.Value ? week : day;
        _levelError.Add(Math.Abs(value - level), ErrorFade);
        _dayError.Add(Math.Abs(value - day), ErrorFade);
        _weekError.Add(Math.Abs(value - week), ErrorFade);
        _level.Add(value, LevelFade);
        _day.Add(slot, value);
        _week.Add(hour, value);
        return expected;
    }
}
