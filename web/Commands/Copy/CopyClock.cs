namespace Beacon.Web.Commands.Copy;

/// <summary>Says the time of receipt of what is copied, so that the target keeps days of ingestion apart as they were: retention goes by them.</summary>
internal sealed class CopyClock : TimeProvider
{
    private long _ticks = System.GetUtcNow().UtcTicks;

    public void Set(DateTimeOffset time) => Interlocked.Exchange(ref _ticks, time.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
}
