using Beacon.Events;

namespace Beacon.Alerting.Playbooks;

/// <summary>Tables of playbooks beyond those of the first release. Steps are never edited after a release.</summary>
internal static class PlaybookSchema
{
    public static StateSchema Schema { get; } = new("alerting-playbooks",
    [
        """
        ALTER TABLE alerting_runs ADD COLUMN mode INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alerting_runs ADD COLUMN parent_run TEXT;
        ALTER TABLE alerting_runs ADD COLUMN parent_step TEXT;
        ALTER TABLE alerting_runs ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alerting_runs ADD COLUMN recording TEXT;
        CREATE INDEX alerting_runs_parent ON alerting_runs(parent_run);

        ALTER TABLE alerting_run_steps ADD COLUMN iteration INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alerting_run_steps ADD COLUMN child_run TEXT;
        ALTER TABLE alerting_run_steps ADD COLUMN approval TEXT;
        ALTER TABLE alerting_run_steps ADD COLUMN asked_at BIGINT;
        ALTER TABLE alerting_run_steps ADD COLUMN decided_at BIGINT;
        ALTER TABLE alerting_run_steps ADD COLUMN approved_by TEXT;
        ALTER TABLE alerting_run_steps ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE alerting_playbooks(
            id TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, modified BIGINT NOT NULL, document TEXT NOT NULL,
            withdrawn INTEGER NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY(id, version));
        """,
    ]);
}
