using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>What passing time does to clocks: people are told, and the time after an incident's closure begins, or waits again where it was opened anew.</summary>
internal sealed class ClockTicking(AlertingDatabase database, TimeProvider time)
{
    private const int Batch = 200;

    public async Task<int> TickAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await database.ReadAsync(c => c.Query(
            $"""
            SELECT id FROM alerting_clocks WHERE next_at IS NOT NULL AND next_at <= @p0
            UNION SELECT c.id FROM alerting_clocks c JOIN alerting_incidents i ON i.id = c.incident_id
              WHERE c.basis = {(int)ClockBasis.Closure} AND ((c.state = 0 AND i.status = 3) OR (c.state = 1 AND i.status <> 3))
            LIMIT {Batch}
            """, r => r.GetInt64(0), now), cancellation).ConfigureAwait(false);
        if (due.Count == 0) return 0;
        return await database.WriteAsync(unit =>
        {
            foreach (var clock in due.Select(id => ClockTable.Find(unit.Db, id)).OfType<ClockRow>())
            {
                if (clock.Definition.Report.Basis == ClockBasis.Closure) Follow(unit, clock);
                ClockDesk.Tell(unit, clock);
            }
            return due.Count;
        }, cancellation).ConfigureAwait(false);
    }

    private static void Follow(AlertingTransaction unit, ClockRow clock)
    {
        if (IncidentTable.Find(unit.Db, clock.IncidentId) is not { } incident) return;
        var closed = incident.Status == IncidentStatus.Closed;
        if (closed && clock.State == ClockState.Waiting)
        {
            clock.Start(incident.ClosedAt ?? unit.Now);
            ClockTable.Update(unit, clock);
            Timeline.Append(unit, incident.Id, unit.Now, TimelineKind.Incident, Actor.SystemName,
                $"{clock.Definition.RegimeName}: {clock.Definition.Report.Name} is due {ClockDesk.Stamp(clock.DueAt!.Value)}, since the incident is closed", $"clock:{clock.Id}");
        }
        else if (!closed && clock.State == ClockState.Running)
        {
            clock.Wait();
            ClockTable.Update(unit, clock);
            Timeline.Append(unit, incident.Id, unit.Now, TimelineKind.Incident, Actor.SystemName,
                $"{clock.Definition.RegimeName}: {clock.Definition.Report.Name} waits again, since the incident is open", $"clock:{clock.Id}");
        }
    }
}
