using System.Data.Common;
using System.Globalization;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Playbooks;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Sending;

/// <summary>Whether somebody has taken up what a notice tells of, so that nobody else is called.</summary>
internal static class Answered
{
    public static bool Is(DbTransaction t, string reference, DateTimeOffset noticed)
    {
        var at = reference.IndexOf(':', StringComparison.Ordinal);
        if (at < 0) return false;
        var id = reference[(at + 1)..];
        return reference[..at] switch
        {
            "warning" when Number(id) is { } warning =>
                t.Scalar<long>("SELECT count(*) FROM alerting_warnings WHERE id = @p0 AND state = 3", warning) > 0
                || t.Scalar<long>("SELECT count(*) FROM alerting_warning_acknowledgements WHERE warning_id = @p0", warning) > 0
                || t.Scalar<long>("SELECT count(*) FROM alerting_warning_steps WHERE warning_id = @p0 AND at > @p1 AND actor <> @p2", warning, noticed, Actor.SystemName) > 0,
            "incident" when Number(id) is { } incident =>
                t.Scalar<long>("SELECT count(*) FROM alerting_timeline WHERE incident_id = @p0 AND recorded_at > @p1 AND actor <> @p2", incident, noticed, Actor.SystemName) > 0,
            // In any other status than those that want a person, somebody or something went on.
            "run" when id.Split('/') is [var run, var step] =>
                t.Scalar<long>("SELECT count(*) FROM alerting_run_steps WHERE run_id = @p0 AND step_id = @p1 AND status IN (@p2, @p3, @p4)", run, step, StepStatus.WaitingForPerson, StepStatus.NeedsPerson, StepStatus.WaitingForApproval) == 0,
            "clock" when Number(id) is { } clock =>
                t.Scalar<long>("SELECT count(*) FROM alerting_clocks WHERE id = @p0 AND state IN (@p1, @p2)", clock, ClockState.Waiting, ClockState.Running) == 0,
            _ => false,
        };
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
