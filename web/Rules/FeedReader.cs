using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Rules;

/// <summary>When something that a rule needs came last.</summary>
/// <param name="Source">Name of the source that it came from; empty where that is not known.</param>
/// <param name="Flows">It came as lately as its source usually sends.</param>
/// <param name="IsUnknown">The store did not answer in time.</param>
public sealed record FeedSeen(DateTimeOffset? Last, string Source, bool Flows, bool IsUnknown = false);

/// <summary>Asks the store for the newest event of what a rule needs.</summary>
public sealed class FeedReader(IEventStore store, ISourceActivity activity, TimeProvider clock)
{
    /// <summary>How far back is looked; what came earlier counts as never.</summary>
    public static readonly TimeSpan LooksBack = TimeSpan.FromDays(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    public async Task<FeedSeen> LookAsync(RuleFeed feed)
    {
        using var soon = new CancellationTokenSource(Patience, clock);
        var now = clock.GetUtcNow();
        try
        {
            // The last quarter of an hour first: where data flows, the answer is there, and no day is read for it.
            foreach (var back in (TimeSpan[])[Fresh, TimeSpan.FromDays(1), LooksBack])
            {
                var page = await store.SearchAsync(new EventQuery { Filter = feed.Filter, Range = new TimeRange(now - back, now.AddMinutes(5)), Limit = 1 }, soon.Token);
                if (page.Events is not [var newest, ..]) continue;
                var source = activity.Sources.FirstOrDefault(s => s.Id == newest.Source);
                // A source that sends once an hour flows as long as it keeps to that.
                var flows = now - newest.Timestamp < Fresh || (source?.ExpectedInterval > Fresh && !SourceHealth.HasPaused(source, now));
                return new FeedSeen(newest.Timestamp, source?.Name ?? newest.Source, flows);
            }
            return new FeedSeen(null, "", Flows: false);
        }
        catch (Exception late) when (late is EventQueryException or OperationCanceledException)
        {
            return new FeedSeen(null, "", Flows: false, IsUnknown: true);
        }
    }
}
