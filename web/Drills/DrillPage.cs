using System.Globalization;
using System.Net;
using System.Text;

namespace Beacon.Web.Drills;

/// <summary>A drill's report as one HTML file that loads nothing.</summary>
internal static class DrillPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24;background:#fff}
        .mark{background:#fff3c4;border:2px solid #b58900;padding:.4rem .8rem;font-weight:700}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #d9dde2;vertical-align:top}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.ok{color:#116329;font-weight:700}.no{color:#a40e26;font-weight:700}
        .picture{overflow-x:auto;border:1px solid #d9dde2;padding:.5rem}@media(prefers-color-scheme:dark){body{color:#e6e9ec;background:#14181d}.mark{color:#1b1f24}.ok{color:#56d364}.no{color:#ff7b72}}
        """;

    public static string Render(DrillReport report)
    {
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Safe($"Drill: {report.Title}")).Append("</title><style>").Append(Style).Append("</style></head><body><p class=\"mark\">DRILL. Nothing here happened; nothing real was called or told.</p><h1>").Append(Safe(report.Title)).Append("</h1>");
        html.Append("<p class=\"").Append(report.Passed ? "ok\">Passed" : "no\">Failed").Append("</p><p>").Append(Safe($"{report.PlaybookName} · {report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC · warning {report.Warning} {report.Level}")).Append("</p>");
        if (report.Faults.Count > 0)
        {
            html.Append("<ul>");
            foreach (var fault in report.Faults) html.Append("<li class=\"no\">").Append(Safe(fault)).Append("</li>");
            html.Append("</ul>");
        }
        html.Append("<h2>Stages</h2><table><thead><tr><th>Stage</th><th>What</th><th>Who</th><th class=\"n\">since the first event</th><th class=\"n\">since the stage before</th></tr></thead><tbody>");
        foreach (var stage in report.Stages)
            html.Append("<tr><td>").Append(Safe(stage.Kind)).Append("</td><td>").Append(Safe(stage.What)).Append("</td><td>").Append(Safe(stage.Who)).Append("</td><td class=\"n\">").Append(Seconds(stage.At)).Append("</td><td class=\"n\">").Append(Seconds(stage.Took)).Append("</td></tr>");
        html.Append("</tbody></table><h2>Path</h2><ol>");
        foreach (var step in report.Path) html.Append("<li>").Append(Safe(step)).Append("</li>");
        html.Append("</ol><div class=\"picture\">").Append(report.Picture).Append("</div></body></html>");
        return html.ToString();
    }

    private static string Seconds(double milliseconds) => (milliseconds / 1_000).ToString("0.000 's'", CultureInfo.InvariantCulture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
