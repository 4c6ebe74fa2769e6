using Beacon.Events;

namespace Beacon.Alerting.Desks;

/// <summary>What a person keeps at the desk: named views, the last look, notes at the change of shift. Steps are never edited after a release.</summary>
internal static class DeskSchema
{
    public static StateSchema Schema { get; } = new("alerting-desks",
    [
        """
        CREATE TABLE alerting_views(
            id BIGINT PRIMARY KEY, account TEXT NOT NULL, page TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, version INTEGER NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, UNIQUE(account, page, name));

        CREATE TABLE alerting_looks(account TEXT PRIMARY KEY, at BIGINT NOT NULL);

        CREATE TABLE alerting_shift_notes(id BIGINT PRIMARY KEY, author TEXT NOT NULL, note TEXT NOT NULL, lines TEXT NOT NULL, at BIGINT NOT NULL);
        CREATE TABLE alerting_shift_reads(note_id BIGINT NOT NULL, account TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY(note_id, account));
        """,
    ]);
}
