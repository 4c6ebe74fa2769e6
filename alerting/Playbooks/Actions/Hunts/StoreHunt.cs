using Beacon.Detections.Backtests;
using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Alerting.Playbooks.Actions.Hunts;

/// <summary>Over this installation's store, Sigma by the back-test. Asked for at the time of the search: detection hands its finds to this room, so that neither can wait for the other at the start.</summary>
internal sealed class StoreHunt(IServiceProvider services, TimeProvider time) : IHunt
{
    private const int MaxEvents = 10;
    private const string NoStore = "this process has no event store to search";

    public async Task<HuntAnswer> SigmaAsync(string rule, TimeSpan lookBack, CancellationToken cancellation)
    {
        if (services.GetService<IEventStore>() is null || services.GetService<Backtest>() is not { } backtest) return HuntAnswer.Failed(NoStore);
        try
        {
            var catalog = services.GetService<RuleCatalog>();
            var report = catalog is null
                ? await backtest.RunTextAsync("command", rule, Range(lookBack), null, null, cancellation).ConfigureAwait(false)
                : await backtest.RunTextAsync(catalog, rule, Range(lookBack), cancellation).ConfigureAwait(false);
            if (report.Rules.FirstOrDefault(r => r.BlindReason is not null) is { } blind) return HuntAnswer.Failed($"'{blind.Title}' can match nothing: {blind.BlindReason}");
            if (report.Rules.FirstOrDefault(r => r.Omitted > 0) is { } cut) return HuntAnswer.Failed($"'{cut.Title}' was not evaluated on {cut.Omitted} events: the count would be too small");
            return new HuntAnswer(report.Rules.Sum(r => r.Raised), [.. report.Rules.SelectMany(r => r.Examples).OrderByDescending(e => e.Time).Select(e => e.EventId?.ToString()).OfType<string>().Distinct().Take(MaxEvents)]);
        }
        catch (BacktestException refused)
        {
            return HuntAnswer.Failed(refused.Said);
        }
        catch (EventQueryException refused)
        {
            return HuntAnswer.Failed(refused.Said);
        }
    }

    public async Task<HuntAnswer> QueryAsync(string query, TimeSpan lookBack, CancellationToken cancellation)
    {
        if (services.GetService<IEventStore>() is not { } store) return HuntAnswer.Failed(NoStore);
        if (!EventQueryText.TryParse(query, out var filter, out var fault)) return HuntAnswer.Failed($"character {fault!.Position + 1}: {fault.Message}");
        try
        {
            var count = await store.CountAsync(filter, Range(lookBack), cancellation).ConfigureAwait(false);
            var page = count == 0 ? null : await store.SearchAsync(new EventQuery { Filter = filter, Range = Range(lookBack), Limit = MaxEvents }, cancellation).ConfigureAwait(false);
            return new HuntAnswer(count, [.. page?.Events.Select(e => e.Id.ToString()) ?? []]);
        }
        catch (EventQueryException refused)
        {
            return HuntAnswer.Failed(refused.Said);
        }
    }

    private TimeRange Range(TimeSpan lookBack)
    {
        var now = time.GetUtcNow();
        return new TimeRange(now - lookBack, now);
    }
}
