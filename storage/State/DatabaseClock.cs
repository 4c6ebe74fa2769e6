namespace Beacon.State;

/// <summary>This process's clock, set by the database's: what clocks of several processes go by when they must agree.</summary>
internal sealed class DatabaseClock(TimeProvider own) : TimeProvider
{
    private long _offset;

    /// <summary>Takes a reading of the database's clock, made now.</summary>
    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _offset, now.UtcTicks - own.GetUtcNow().UtcTicks);

    public override DateTimeOffset GetUtcNow() => own.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));
    public override long GetTimestamp() => own.GetTimestamp();
    public override long TimestampFrequency => own.TimestampFrequency;
    public override TimeZoneInfo LocalTimeZone => own.LocalTimeZone;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => own.CreateTimer(callback, state, dueTime, period);
}
