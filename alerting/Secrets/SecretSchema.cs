using Beacon.Events;

namespace Beacon.Alerting.Secrets;

/// <summary>The table of secrets. Steps are never edited after a release.</summary>
internal static class SecretSchema
{
    public static StateSchema Schema { get; } = new("alerting-secrets",
    [
        """
        CREATE TABLE alerting_secrets(
            name TEXT PRIMARY KEY, version INTEGER NOT NULL, description TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL,
            key_id TEXT NOT NULL, sealed TEXT NOT NULL);
        """,
    ]);
}
