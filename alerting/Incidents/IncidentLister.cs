using System.Data.Common;
using System.Globalization;
using System.Text;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>Pages of incidents: filtered, ordered, counted by the database.</summary>
internal static class IncidentLister
{
    public static IncidentPage List(DbConnection c, IncidentQuery query)
    {
        var where = new StringBuilder();
        var values = new List<object?>();
        string P(object? value)
        {
            values.Add(value);
            return "@p" + (values.Count - 1).ToString(CultureInfo.InvariantCulture);
        }
        if (query.Statuses is { Count: > 0 } statuses) where.Append("i.status IN (").AppendJoin(',', statuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture))).Append(')');
        else where.Append("i.status <> 3");
        if (query.Owner is { } owner) where.Append(owner.Length == 0 ? " AND i.owner IS NULL" : " AND i.owner = " + P(owner));
        if (!string.IsNullOrWhiteSpace(query.Text)) where.Append(" AND ").Append(Holding(P(Clean(query.Text))));
        foreach (var term in query.Terms.Take(IncidentTerm.Most))
        {
            where.Append(" AND (").Append(Holding(P(Clean(term.Text))));
            if (term.Titles.Count > 0)
                where.Append(" OR EXISTS (WITH said(t) AS (VALUES ").AppendJoin(',', term.Titles.Take(IncidentTerm.MostTitles).Select(t => "(" + P(t) + ")")).Append(") SELECT 1 FROM said WHERE substr(i.title, 1, length(said.t)) = said.t)");
            where.Append(')');
        }
        var total = c.Scalar<long>($"SELECT count(*) FROM alerting_incidents i WHERE {where}", values.ToArray());
        var limit = P(Math.Clamp(query.Limit, 1, IncidentQuery.MaxLimit));
        var offset = P(Math.Max(0, query.Offset));
        var order = OrderOf(query.Order, query.Reversed);
        // What a row says is counted for the rows of the page alone, not for all that are put in order.
        return new IncidentPage(c.Query(
            $"""
            {IncidentTable.SelectSummary} WHERE i.id IN
              (SELECT i.id FROM alerting_incidents i LEFT JOIN alerting_warnings w ON w.id = i.warning_id WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset})
            ORDER BY {order}
            """, IncidentTable.Read, values.ToArray()), total);
    }

    private static string Clean(string text) => Text.Cut(text.Trim(), 200).ToLowerInvariant();

    private static string Holding(string text) => $"(replace(lower(i.title), {text}, '') <> lower(i.title) OR replace(lower(i.number), {text}, '') <> lower(i.number))";

    // The newest change decides among equals, whichever way the order goes.
    private static string OrderOf(IncidentOrder order, bool reversed)
    {
        var (down, up) = reversed ? ("ASC", "DESC") : ("DESC", "ASC");
        return order switch
        {
            IncidentOrder.Number => $"i.id {down}",
            IncidentOrder.Severity => $"i.severity {down}, i.updated_at DESC, i.id DESC",
            IncidentOrder.Warning => $"CASE WHEN w.state = 3 OR w.state IS NULL THEN 0 ELSE w.level END {down}, i.updated_at DESC, i.id DESC",
            IncidentOrder.Status => $"i.status {up}, i.updated_at DESC, i.id DESC",
            IncidentOrder.Owner => $"CASE WHEN i.owner IS NULL THEN 1 ELSE 0 END, lower(i.owner) {up}, i.updated_at DESC, i.id DESC",
            IncidentOrder.Alerts => $"i.alerts {down}, i.updated_at DESC, i.id DESC",
            _ => $"i.updated_at {down}, i.id {down}",
        };
    }
}
