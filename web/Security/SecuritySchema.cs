using Beacon.Events;

namespace Beacon.Web.Security;

internal static class SecuritySchema
{
    public static StateSchema Schema { get; } = new("security",
    [
        """
        CREATE TABLE users(
            id TEXT PRIMARY KEY, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE, display TEXT NOT NULL,
            password_hash TEXT NOT NULL, roles TEXT NOT NULL, stamp TEXT NOT NULL, disabled INTEGER NOT NULL,
            created_at BIGINT NOT NULL, last_seen_at BIGINT NULL);
        CREATE TABLE api_keys(
            id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_hash TEXT NOT NULL, scopes TEXT NOT NULL,
            created_by TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NULL, revoked_at BIGINT NULL);
        CREATE TABLE setup_token(only_one INTEGER PRIMARY KEY CHECK (only_one = 1), token_hash TEXT NOT NULL, expires_at BIGINT NOT NULL);
        """,
        // Where several nodes share the state; one alone keeps its keys in its folder.
        "CREATE TABLE session_keys(name TEXT PRIMARY KEY, document TEXT NOT NULL)",
        "CREATE TABLE reset_links(user_id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, expires_at BIGINT NOT NULL)",
    ]);
}
