using Beacon.Events;

namespace Beacon.Alerting.Alerts.Search;

/// <summary>
/// What makes texts of alerts quick to find: in SQLite an index of every three letters in a row (FTS5's trigram tokenizer), kept by triggers and so in the
/// transaction of the change; in PostgreSQL pg_trgm's, where the server has it and lets it be used. Steps are never edited after a release.
/// </summary>
internal static class AlertTextSchema
{
    // Two line ends at the end: each letter begins three.
    private const string Old = "old.title || char(10) || old.rule_title || char(10) || old.entity || char(10) || char(10)";
    private const string New = "new.title || char(10) || new.rule_title || char(10) || new.entity || char(10) || char(10)";

    public static StateSchema Schema { get; } = new("alerting-text",
    [
        $"""
        CREATE VIRTUAL TABLE alerting_alert_text USING fts5(words, tokenize='trigram', content='', columnsize=0, detail=none);
        CREATE VIRTUAL TABLE alerting_alert_text_terms USING fts5vocab(alerting_alert_text, row);

        INSERT INTO alerting_alert_text(rowid, words) SELECT id, title || char(10) || rule_title || char(10) || entity || char(10) || char(10) FROM alerting_alerts;

        CREATE TRIGGER alerting_alerts_text_new AFTER INSERT ON alerting_alerts BEGIN
            INSERT INTO alerting_alert_text(rowid, words) VALUES (new.id, {New});
        END;
        CREATE TRIGGER alerting_alerts_text_changed AFTER UPDATE OF title, rule_title, entity ON alerting_alerts
            WHEN old.title <> new.title OR old.rule_title <> new.rule_title OR old.entity <> new.entity BEGIN
            INSERT INTO alerting_alert_text(alerting_alert_text, rowid, words) VALUES ('delete', old.id, {Old});
            INSERT INTO alerting_alert_text(rowid, words) VALUES (new.id, {New});
        END;
        CREATE TRIGGER alerting_alerts_text_gone AFTER DELETE ON alerting_alerts BEGIN
            INSERT INTO alerting_alert_text(alerting_alert_text, rowid, words) VALUES ('delete', old.id, {Old});
        END;
        """,
    ])
    {
        OnPostgres =
        [
            """
            DO $$ BEGIN
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE INDEX alerting_alerts_text ON alerting_alerts USING gin (lower(title) gin_trgm_ops, lower(rule_title) gin_trgm_ops, lower(entity) gin_trgm_ops);
            EXCEPTION WHEN OTHERS THEN
                RAISE NOTICE 'texts of alerts are searched without an index: %', SQLERRM;
            END $$;
            """,
        ],
    };
}
