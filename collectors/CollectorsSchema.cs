using Beacon.Events;

namespace Beacon.Collectors;

/// <summary>The collectors' tables in the state database.</summary>
public static class CollectorsSchema
{
    /// <summary>All of them, in the order in which they are made.</summary>
    public static IReadOnlyList<StateSchema> All => [Assets, Schema];

    /// <summary>What is protected: the same for all nodes.</summary>
    private static StateSchema Assets { get; } = new("assets",
        ["CREATE TABLE assets(id TEXT PRIMARY KEY, document TEXT NOT NULL); CREATE TABLE asset_versions(name TEXT PRIMARY KEY, version BIGINT NOT NULL);"]);

    /// <summary>What belongs to a node's spool and sources.</summary>
    private static StateSchema Schema { get; } = new("collectors",
    [
        """
        CREATE TABLE collector_sources(id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, settings TEXT NOT NULL, format TEXT NOT NULL,
            organisation TEXT NOT NULL, time_zone TEXT NOT NULL, enabled INTEGER NOT NULL, created BIGINT NOT NULL);
        CREATE TABLE collector_checkpoints(name TEXT PRIMARY KEY, sequence BIGINT NOT NULL);
        CREATE TABLE collector_ledger(source TEXT NOT NULL, minute BIGINT NOT NULL, received BIGINT NOT NULL, stored BIGINT NOT NULL,
            quarantined BIGINT NOT NULL, dropped BIGINT NOT NULL, PRIMARY KEY(source, minute));
        CREATE INDEX collector_ledger_minute ON collector_ledger(minute);
        CREATE TABLE collector_ledger_days(source TEXT NOT NULL, minute BIGINT NOT NULL, received BIGINT NOT NULL, stored BIGINT NOT NULL,
            quarantined BIGINT NOT NULL, dropped BIGINT NOT NULL, PRIMARY KEY(source, minute));
        CREATE TABLE collector_quarantine(sequence BIGINT PRIMARY KEY, source TEXT NOT NULL, received BIGINT NOT NULL, reason TEXT NOT NULL,
            position INTEGER NOT NULL, state INTEGER NOT NULL, meta BYTEA, frame BYTEA);
        CREATE INDEX collector_quarantine_source ON collector_quarantine(source, sequence);
        CREATE TABLE collector_positions(source TEXT NOT NULL, device BIGINT NOT NULL, inode BIGINT NOT NULL, fingerprint BIGINT NOT NULL,
            fingerprint_length INTEGER NOT NULL, position BIGINT NOT NULL, complete INTEGER NOT NULL, path TEXT NOT NULL, PRIMARY KEY(source, device, inode));
        CREATE TABLE collector_activity(source TEXT PRIMARY KEY, first_received BIGINT NOT NULL, last_received BIGINT NOT NULL, received BIGINT NOT NULL, gaps TEXT NOT NULL);
        CREATE TABLE collector_assets(id TEXT PRIMARY KEY, document TEXT NOT NULL);
        """,
        // Assets stand apart since several nodes share them.
        "INSERT INTO assets(id, document) SELECT id, document FROM collector_assets WHERE true ON CONFLICT(id) DO NOTHING; DROP TABLE collector_assets;",
        "CREATE TABLE collector_expected_silences(source TEXT PRIMARY KEY, until BIGINT NOT NULL, reason TEXT NOT NULL, by_whom TEXT NOT NULL, at BIGINT NOT NULL);",
    ]) { PerNode = true };
}
