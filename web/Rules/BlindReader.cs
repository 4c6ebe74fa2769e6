using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Rules;

/// <summary>A rule that lacks data while a source is silent.</summary>
/// <param name="Feed">What it does not get.</param>
public sealed record BlindRule(string Id, string Title, Severity Level, string Feed);

/// <param name="Rules">The gravest first.</param>
/// <param name="FedByOthers">Rules that the source fed, too, and that others go on feeding.</param>
/// <param name="Late">Kinds of data for which the store did not answer in time: rules over them may be blind, too.</param>
public sealed record BlindRules(IReadOnlyList<BlindRule> Rules, int FedByOthers, int Late = 0);

/// <summary>Finds the rules that a silent source leaves without data: it alone fed them of late.</summary>
public sealed class BlindReader(RuleFeeds feeds, IEventStore store, ISourceActivity activity, TimeProvider clock)
{
    /// <summary>How far before the silence is looked: a day has what a source sends by day and by night.</summary>
    public static readonly TimeSpan LooksBack = TimeSpan.FromDays(1);

    private const int MostSources = 100;

    /// <summary>Kinds of data asked for at once: one pass over the events answers them, and what is late is late in small pieces.</summary>
    private const int AtOnce = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<BlindRules> LookAsync(string source, CancellationToken cancellation)
    {
        var sources = activity.Sources;
        if (sources.FirstOrDefault(s => s.Id == source)?.LastReceived is not { } last) return new BlindRules([], 0);
        var all = feeds.Evaluated();
        var now = clock.GetUtcNow();
        using var soon = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, cancellation);
        var range = new TimeRange(last - LooksBack, now.AddMinutes(5));
        var seen = new List<IReadOnlySet<string>>();
        try
        {
            foreach (var part in all.Chunk(AtOnce))
            {
                var found = await store.GroupManyAsync([.. part.Select(f => new GroupQuery(f.Feed.Filter, range, ["beacon.source"], null, 1, MostSources))], both.Token);
                seen.AddRange(found.Select(groups => groups.Select(g => g.Key[0]).ToHashSet(StringComparer.Ordinal)));
            }
        }
        catch (Exception late) when (late is EventQueryException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // What was answered counts; the rest is told as late.
        }
        return Judge(source, [.. all.Take(seen.Count)], seen, sources, now) with { Late = all.Count - seen.Count };
    }

    /// <param name="seen">By feed: the sources that it came from.</param>
    internal static BlindRules Judge(string source, IReadOnlyList<FedRules> feeds, IReadOnlyList<IReadOnlySet<string>> seen, IReadOnlyList<SourceActivity> sources, DateTimeOffset now)
    {
        var heard = sources.Where(s => s.Id != source && s.LastReceived > now - LooksBack && !SourceHealth.HasPaused(s, now)).Select(static s => s.Id).ToHashSet(StringComparer.Ordinal);
        var (blind, fed) = (new Dictionary<string, BlindRule>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < feeds.Count; i++)
        {
            if (!seen[i].Contains(source)) continue;
            var others = seen[i].Overlaps(heard);
            foreach (var rule in feeds[i].Rules)
            {
                if (others) fed.Add(rule.Id);
                else blind.TryAdd(rule.Id, new BlindRule(rule.Id, rule.Title, rule.Level, feeds[i].Feed.Name));
            }
        }
        fed.ExceptWith(blind.Keys);
        return new BlindRules([.. blind.Values.OrderByDescending(static r => r.Level).ThenBy(static r => r.Title, StringComparer.Ordinal)], fed.Count);
    }
}
