using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Collectors.Pipeline;
using Beacon.Events;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Wall;

/// <summary>A source that a wall names.</summary>
/// <param name="For">How long it has been silent; null where it loses.</param>
public sealed record WallSource(string Name, TimeSpan? For);

/// <summary>What the wall shows, read at one time.</summary>
public sealed record WallFacts(
    WarningCounts Counts, WarningDetail? Gravest, IncidentDetail? Incident, IReadOnlyList<WarningSummary> Others, IReadOnlyList<AlertSummary> Newest, AlarmLoad Load,
    StatutoryClock? Due, RunSummary? Run, IReadOnlyList<WallSource> Troubled, int Sources);

/// <summary>Reads what the wall shows: the gravest standing warning and its incident, what is due, what is acknowledged, the newest, the load, the sources in trouble.</summary>
public sealed class WallReader(
    IWarningService warnings, IAlertService alerts, IIncidentService incidents, IClockService clocks, IPlaybookEngine playbooks, ISourceActivity activity, LossLedger ledger, TimeProvider clock)
{
    private const int MostOthers = 3, MostTroubled = 2;

    public async Task<WallFacts> ReadAsync(CancellationToken cancellation = default)
    {
        var standing = await warnings.ListAsync(new WarningQuery { Limit = 20 }, cancellation);
        var first = standing.FirstOrDefault(w => w.State != WarningState.Draft) ?? (standing.Count > 0 ? standing[0] : null);
        var gravest = first is null ? null : await warnings.FindAsync(first.Id, cancellation);
        var incident = first?.IncidentId is { } id ? await incidents.FindAsync(id, cancellation) : null;
        var others = standing.Where(w => w.Id != first?.Id).Take(MostOthers).ToList();
        var newest = await alerts.ListAsync(new AlertQuery { Order = AlertOrder.Newest, Limit = MostOthers + 1 }, cancellation);
        var due = (await clocks.ListAsync(null, cancellation)).Where(c => c is { State: ClockState.Running, DueAt: not null }).MinBy(c => c.DueAt);
        var runs = await playbooks.ListAsync(null, openOnly: true, limit: 20, cancellation: cancellation);
        var run = runs.FirstOrDefault(r => r.IncidentId == first?.IncidentId && r.Mode == RunMode.Live) ?? runs.FirstOrDefault(r => r.Mode == RunMode.Live);
        return new WallFacts(
            await warnings.CountAsync(cancellation), gravest, incident, others, newest.Items, await alerts.MeasureLoadAsync(cancellation), due, run, await TroubledAsync(cancellation), activity.Sources.Count);
    }

    private async Task<IReadOnlyList<WallSource>> TroubledAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var lost = await ledger.TotalsAsync(new TimeRange(now.AddHours(-1), now.AddMinutes(1)), cancellation);
        var silent = activity.Sources.Where(s => SourceHealth.IsSilent(s, now)).OrderBy(s => s.LastReceived).Select(s => new WallSource(s.Name, now - s.LastReceived!.Value));
        var losing = activity.Sources.Where(s => lost.TryGetValue(s.Id, out var c) && c.Dropped > 0).Select(s => new WallSource(s.Name, null));
        return [.. silent.Concat(losing).Take(MostTroubled)];
    }
}
