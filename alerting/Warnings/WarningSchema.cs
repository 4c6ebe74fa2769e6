using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>What timed acknowledgements add to warnings. Steps are never edited after a release.</summary>
internal static class WarningSchema
{
    public static StateSchema Schema { get; } = new("alerting-warnings",
    [
        """
        ALTER TABLE alerting_warnings ADD COLUMN raised_at BIGINT;
        ALTER TABLE alerting_warnings ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alerting_warnings ADD COLUMN remind_at BIGINT;
        UPDATE alerting_warnings SET raised_at = issued_at;
        CREATE INDEX alerting_warnings_remind ON alerting_warnings(remind_at) WHERE remind_at IS NOT NULL;
        ALTER TABLE alerting_warning_acknowledgements ADD COLUMN roles TEXT NOT NULL DEFAULT '';
        """,
    ]);
}
