using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Alerting.Warnings;

/// <summary>Reminds those who must acknowledge a warning and have not, then tells the next role, and the next, up to administrators.</summary>
internal sealed partial class WarningReminders(AlertingDatabase database, WarningMatrices matrices, TimeProvider time, ILogger<WarningReminders> log)
{
    private const int Batch = 200;

    /// <summary>Begins the time of a level that was just put in force.</summary>
    public static void Begin(AlertingTransaction unit, long warningId, LevelPolicy policy) => unit.Db.Execute(
        "UPDATE alerting_warnings SET reminded = 0, remind_at = @p1 WHERE id = @p0", warningId,
        policy is { AcknowledgedBy.Count: > 0, RemindAfterMinutes: > 0 } ? unit.Now + TimeSpan.FromMinutes(policy.RemindAfterMinutes) : (DateTimeOffset?)null);

    public static void Stop(AlertingTransaction unit, long warningId) => unit.Db.Execute("UPDATE alerting_warnings SET remind_at = NULL WHERE id = @p0", warningId);

    /// <summary>Roles of the policy that nobody has acknowledged for since the level was raised.</summary>
    public static List<string> Missing(LevelPolicy policy, DateTimeOffset raised, IReadOnlyList<(Actor Actor, DateTimeOffset At)> acknowledged) =>
        [.. (policy.AcknowledgedBy ?? []).Where(role => !acknowledged.Any(a => a.At >= raised && a.Actor.Holds(role)))];

    public async Task<int> TickAsync(CancellationToken cancellation)
    {
        var due = await database.ReadAsync(c => c.Query(
            $"SELECT id FROM alerting_warnings WHERE remind_at IS NOT NULL AND remind_at <= @p0 AND state IN (1, 2) ORDER BY remind_at LIMIT {Batch}", r => r.GetInt64(0), time.GetUtcNow()), cancellation).ConfigureAwait(false);
        return due.Count == 0 ? 0 : await database.WriteAsync(unit => due.Count(id => Remind(unit, id)), cancellation).ConfigureAwait(false);
    }

    private bool Remind(AlertingTransaction unit, long id)
    {
        if (WarningTable.Find(unit.Db, id) is not { } found) return false;
        var (warning, _) = found;
        // Another process may have been faster.
        var round = 1 + (int)unit.Db.Scalar<long>("SELECT reminded FROM alerting_warnings WHERE id = @p0 AND remind_at <= @p1 AND state IN (1, 2)", id, unit.Now);
        var policy = matrices.Current(unit.Db).PolicyOf(warning.Level);
        var missing = Missing(policy, warning.RaisedAt ?? warning.CreatedAt, WarningTable.Acknowledged(unit.Db, id));
        if (missing.Count == 0 || policy.RemindAfterMinutes == 0)
        {
            Stop(unit, id);
            return false;
        }
        var highest = missing.Max(Rank);
        var next = Math.Min(highest + round - 1, RoleNames.Ranked.Count - 1);
        var told = round == 1 ? missing : [RoleNames.Ranked[next]];
        var since = Words.Age(unit.Now - (warning.RaisedAt ?? warning.CreatedAt));
        var text = $"Nobody with the role {string.Join(", ", missing)} has acknowledged it for {since}.";
        foreach (var role in told) WarningNotices.Unacknowledged(unit, warning, role, round, text);
        WarningTable.Step(unit, id, round == 1 ? "remind" : "escalate", Actor.System, $"{text} Told: {string.Join(", ", told)}.", warning.Level, warning.Level);
        if (warning.IncidentId is { } incident) Timeline.Append(unit, incident, unit.Now, TimelineKind.Warning, Actor.SystemName, $"{warning.Number}: {text} Told: {string.Join(", ", told)}", $"warning:{id}");
        var last = round > 1 && next == RoleNames.Ranked.Count - 1;
        unit.Db.Execute("UPDATE alerting_warnings SET reminded = @p1, remind_at = @p2 WHERE id = @p0", id, round, last ? null : unit.Now + TimeSpan.FromMinutes(policy.RemindAfterMinutes));
        // No new version: whoever is just signing must not be refused because of a reminder.
        WarningTable.Tell(unit, id);
        LogUnacknowledged(log, warning.Number, round, string.Join(", ", told));
        return true;
    }

    private static int Rank(string role)
    {
        for (var i = 0; i < RoleNames.Ranked.Count; i++) if (RoleNames.Ranked[i] == role) return i;
        return 0;
    }

    [LoggerMessage(3102, LogLevel.Warning, "warning {Number} is not acknowledged, round {Round}: told {Roles}")]
    private static partial void LogUnacknowledged(ILogger logger, string number, int round, string roles);
}
