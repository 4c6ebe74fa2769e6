using System.Globalization;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>Starts the clocks of an incident as soon as it is known and grave enough. Runs inside the transaction that made it so.</summary>
internal sealed class ClockDesk(ClockBook book)
{
    /// <summary>Shares of a report's time at which people are told, in percent; 100 is when it is due.</summary>
    private static readonly int[] Marks = [50, 80, 100];

    /// <summary>A person has taken notice: what they did makes the incident known. Later acts change nothing.</summary>
    public void Noticed(AlertingTransaction unit, long incidentId, Actor actor, string why)
    {
        if (actor == Actor.System) return;
        unit.Db.Execute("INSERT INTO alerting_awareness(incident_id, at, actor, why, recorded_at) VALUES (@p0,@p1,@p2,@p3,@p1) ON CONFLICT(incident_id) DO NOTHING",
            incidentId, unit.Now, actor.Name, Text.Cut(why, 500));
        Consider(unit, incidentId);
    }

    /// <summary>Starts what applies by now. Cheap where no regime is on.</summary>
    public void Consider(AlertingTransaction unit, long incidentId)
    {
        var rules = book.Current(unit.Db);
        if (!rules.Regimes.Any(r => r.Enabled)) return;
        var incident = IncidentTable.Find(unit.Db, incidentId);
        if (incident is null or { Status: IncidentStatus.Closed }) return;
        var started = ClockTable.OfIncident(unit.Db, incidentId).Select(c => c.RegimeId).ToHashSet();
        var open = rules.Regimes.Where(r => r.Enabled && !started.Contains(r.Id) && (r.InForce is not { } day || DateOnly.FromDateTime(unit.Now.UtcDateTime) >= day)).ToList();
        if (open.Count == 0) return;
        var known = unit.Db.Query("SELECT actor, why FROM alerting_awareness WHERE incident_id = @p0", r => (Actor: r.GetString(0), Why: r.GetString(1)), incidentId);
        var facts = ClockFacts.Of(unit, incident, rules);
        foreach (var regime in open.Where(facts.Meets))
        {
            var byWarning = facts.Standing != WarningLevel.None && regime.AwareAtLevel != WarningLevel.None && facts.Standing >= regime.AwareAtLevel;
            if (known.Count == 0 && !byWarning) continue;
            Start(unit, incident, rules, regime, unit.Now, known.Count > 0 ? $"{known[0].Actor} {known[0].Why}" : $"a warning of level {Words.Level(facts.Standing)} is issued");
        }
    }

    public static void Start(AlertingTransaction unit, IncidentSummary incident, ClockRules rules, ClockRegime regime, DateTimeOffset aware, string why)
    {
        foreach (var report in regime.Reports)
        {
            var clock = new ClockRow
            {
                Id = unit.Next("clock"), Version = 1, IncidentId = incident.Id, IncidentNumber = incident.Number, RegimeId = regime.Id, ReportId = report.Id, RulesVersion = rules.Version,
                Definition = new ClockDefinition(regime.Name, regime.Source, regime.Audience, report), AwareAt = aware,
            };
            if (report.Basis == ClockBasis.Awareness) clock.Start(aware);
            ClockTable.Insert(unit, clock);
            Timeline.Append(unit, incident.Id, unit.Now, TimelineKind.Incident, Actor.SystemName, clock.DueAt is { } due
                ? $"{regime.Name}: {report.Name} is due {Stamp(due)}, to {string.Join(", ", report.To)}, since {why}"
                : $"{regime.Name}: {report.Name} will be due, to {string.Join(", ", report.To)}", $"clock:{clock.Id}");
            Tell(unit, clock);
        }
        IncidentTable.Touch(unit, incident.Id);
    }

    /// <summary>Tells of the furthest mark that was passed, once: a clock that starts late does not shout thrice.</summary>
    public static void Tell(AlertingTransaction unit, ClockRow clock)
    {
        if (clock is not { State: ClockState.Running, DueAt: { } due }) return;
        var passed = Marks.Where(m => m > clock.Told && clock.InstantOf(m) <= unit.Now).DefaultIfEmpty(0).Max();
        if (passed == 0) return;
        clock.Told = passed;
        clock.NextAt = Marks.Where(m => m > passed).Select(m => (DateTimeOffset?)clock.InstantOf(m)).FirstOrDefault();
        var late = passed >= 100;
        var subject = late
            ? $"{clock.Definition.Report.Name} on {clock.IncidentNumber} is overdue since {Stamp(due)}"
            : $"{clock.Definition.Report.Name} on {clock.IncidentNumber} is due {Stamp(due)}";
        NoticeQueue.Add(unit, new Notice(late ? NoticeKind.ClockOverdue : NoticeKind.ClockDue, clock.Definition.Audience, WarningLevel.Orange, subject,
            $"{clock.Definition.RegimeName}. To: {string.Join(", ", clock.Definition.Report.To)}. {(late ? "Its time is over." : $"{passed} % of its time are over.")} Source: {clock.Definition.Source}.",
            $"clock:{clock.Id}", $"clock:{clock.Id}/{StateTime.ToMicroseconds(due)}/{passed}"));
        unit.Db.Execute("UPDATE alerting_clocks SET told = @p1, next_at = @p2 WHERE id = @p0", clock.Id, clock.Told, clock.NextAt);
        if (late) Timeline.Append(unit, clock.IncidentId, unit.Now, TimelineKind.Incident, Actor.SystemName, subject, $"clock:{clock.Id}");
        IncidentTable.Touch(unit, clock.IncidentId);
    }

    internal static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
