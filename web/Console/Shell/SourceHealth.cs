using Beacon.Collectors.Pipeline;
using Beacon.Events;

namespace Beacon.Web.Console.Shell;

public sealed record SourceCounts(int Total, int Silent, int Losing);

/// <summary>How the sources are, in three numbers for the strip.</summary>
public sealed class SourceHealth(ISourceActivity activity, LossLedger ledger, TimeProvider clock)
{
    /// <summary>A source is silent when it has paused this many times longer than it usually does.</summary>
    public const int SilentAfter = 10;

    /// <summary>It has paused for too long, and nobody said that it would.</summary>
    public static bool IsSilent(SourceActivity source, DateTimeOffset now) => HasPaused(source, now) && !(source.SilenceExpectedUntil > now);

    /// <summary>It has paused for too long, expected or not.</summary>
    public static bool HasPaused(SourceActivity source, DateTimeOffset now) =>
        source.LastReceived is { } last && source.ExpectedInterval is { } usual && now - last > SilentAfterPause(usual);

    /// <summary>The pause after which a source of this pace is silent.</summary>
    public static TimeSpan SilentAfterPause(TimeSpan usual) => Max(usual * SilentAfter, TimeSpan.FromMinutes(1));

    public async Task<SourceCounts> CountAsync(CancellationToken cancellation = default)
    {
        var sources = activity.Sources;
        var now = clock.GetUtcNow();
        var lastHour = await ledger.TotalsAsync(new TimeRange(now.AddHours(-1), now.AddMinutes(1)), cancellation);
        return new SourceCounts(sources.Count, sources.Count(s => IsSilent(s, now)), lastHour.Values.Count(c => c.Dropped > 0));
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
