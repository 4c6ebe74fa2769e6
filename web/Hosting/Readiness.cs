using Beacon.Detections.Rules;
using Beacon.Events;

namespace Beacon.Web.Hosting;

/// <summary>Whether this process can do its work now, and what hinders it.</summary>
public sealed class Readiness(IStateDatabase state, IEventStore store, RuleCatalog rules, IIngestWatermark watermark, TimeProvider clock)
{
    /// <summary>Lag at which ingestion counts as stuck.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(5);

    private volatile bool _started;

    /// <summary>Says that every hosted service has started.</summary>
    public void MarkStarted() => _started = true;

    /// <summary>Name of each part → null where it works, or what is wrong.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> CheckAsync(CancellationToken cancellation)
    {
        var parts = new Dictionary<string, string?> { ["host"] = _started ? null : "starting", ["rules"] = rules.Rules.Count > 0 ? null : "no rule is loaded" };
        parts["state"] = await TryAsync(() => state.ReadAsync(c => c.Scalar<long>("SELECT 1"), cancellation));
        parts["store"] = await TryAsync(() => store.StatusAsync(cancellation));
        var lag = clock.GetUtcNow() - watermark.CompleteUpTo;
        parts["ingest"] = lag < StuckAfter ? null : $"{lag.TotalSeconds:0} s behind";
        return parts;
    }

    private static async Task<string?> TryAsync(Func<Task> check)
    {
        try
        {
            await check();
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return fault.GetType().Name;
        }
    }
}
