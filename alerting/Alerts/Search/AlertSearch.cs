using System.Data.Common;
using System.Globalization;
using System.Text;
using Beacon.Events;

namespace Beacon.Alerting.Alerts.Search;

/// <summary>
/// Alerts that hold a text. What is rare comes from the index of texts and is sorted; what is common is met soon in the list's own order. Either way
/// the work has a ceiling: of what is common only some are counted.
/// </summary>
internal sealed class AlertSearch(DbConnection c, AlertQuery query, DateTimeOffset now)
{
    public const int MaxText = 200;

    /// <summary>Alerts that are counted at most, and that are looked at one by one.</summary>
    public const int Most = 4_000;

    /// <summary>Rows read one by one in the list's order before it pays to ask the index first which of them may hold the text.</summary>
    private const int ReadAtMost = 5_000;

    private const string All = "alerting_alerts";

    /// <param name="where">The query's other conditions.</param>
    /// <param name="values">Their values, @p0 onwards.</param>
    public AlertPage List(StringBuilder where, List<object?> values)
    {
        string P(object? value)
        {
            values.Add(value);
            return "@p" + (values.Count - 1).ToString(CultureInfo.InvariantCulture);
        }
        var text = Clean(query.Text!);
        var pattern = P("%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%");
        where.Append(CultureInfo.InvariantCulture, $" AND (lower(title) LIKE {pattern} ESCAPE '\\' OR lower(rule_title) LIKE {pattern} ESCAPE '\\' OR lower(entity) LIKE {pattern} ESCAPE '\\')");
        if (query.Shelved is { } shelved) where.Append(shelved ? " AND shelved_until IS NOT NULL AND shelved_until > " : " AND (shelved_until IS NULL OR shelved_until <= ").Append(P(now)).Append(shelved ? "" : ")");
        // PostgreSQL finds the index for its LIKE by itself.
        if (!c.IsSqlite() || IsNarrow || TextIndex.Match(c, text) is not { } match) return Page(All, Counted(where, values), where, values);
        if (match.Length == 0) return new AlertPage([], 0);
        var found = P(match);
        string Found(string last) => $"(SELECT rowid AS hit FROM alerting_alert_text WHERE alerting_alert_text MATCH {found}{last}) AS found CROSS JOIN alerting_alerts ON id = hit";
        // The newest that may hold it, those of them that do and meet the other conditions, and how far back they reach.
        var (hits, fit, reach) = c.Query($"SELECT count(*), coalesce(sum(CASE WHEN {where} THEN 1 ELSE 0 END), 0), coalesce(max(hit) - min(hit), 0) FROM {Found($" ORDER BY rowid DESC LIMIT {Most + 1}")}",
            r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), values.ToArray())[0];
        if (hits <= Most) return Page(Found(""), (fit, false), where, values);
        // In the list's own order a page of what is common is full soon. Of what is not, the order's index and the texts' tell together which rows to read: the plus keeps SQLite from sorting all of them.
        var read = (Math.Max(0L, query.Offset) + Math.Clamp(query.Limit, 1, AlertQuery.MaxLimit)) * (reach / hits + 1);
        if (read > ReadAtMost && reach / hits > 1) where.Append(CultureInfo.InvariantCulture, $" AND +id IN (SELECT rowid FROM alerting_alert_text WHERE alerting_alert_text MATCH {found})");
        return Page(All, (Math.Min(fit, Most), true), where, values);
    }

    /// <summary>Without case, and no longer than a text may be.</summary>
    private static string Clean(string text)
    {
        text = text.Trim().ToLowerInvariant();
        return text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
    }

    /// <summary>Another condition leaves few: its own index is the better one.</summary>
    private bool IsNarrow => query.RuleId is not null || query.Entity is not null || query.AssetId is not null || query.IncidentId is not null || query.Owner is { Length: > 0 } || query.Shelved == true;

    private (long Total, bool AtLeast) Counted(StringBuilder where, List<object?> values)
    {
        var n = c.Scalar<long>($"SELECT count(*) FROM (SELECT 1 FROM {All} WHERE {AlertReader.Ordered(where)} LIMIT {Most + 1}) AS counted", values.ToArray());
        return n > Most ? (Most, true) : (n, false);
    }

    private AlertPage Page(string from, (long Total, bool AtLeast) counted, StringBuilder where, List<object?> values)
    {
        var order = query.Order == AlertOrder.Newest ? "last_seen DESC, id DESC" : "score DESC, last_seen DESC, id DESC";
        var (limit, offset) = (Math.Clamp(query.Limit, 1, AlertQuery.MaxLimit), Math.Max(0, query.Offset));
        var rows = c.Query(string.Create(CultureInfo.InvariantCulture, $"SELECT {AlertRow.Columns} FROM {from} WHERE {AlertReader.Ordered(where)} ORDER BY {order} LIMIT {limit} OFFSET {offset}"), AlertRow.Read, values.ToArray());
        // A page far down tells of more than was counted.
        return new AlertPage([.. rows.Select(r => r.Summarise(now))], counted.AtLeast ? Math.Max(counted.Total, offset + rows.Count) : counted.Total, counted.AtLeast);
    }
}
