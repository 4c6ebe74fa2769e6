using System.Globalization;
using System.Net;
using System.Text;

namespace Beacon.Web.Drills;

/// <summary>A drill's report as one HTML file that loads nothing.</summary>
internal static class DrillPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#4b5560;--line:#d9dde2;--ground:#fff;--raised:#f4f6f8;--ok:#116329;--no:#a40e26;--accent:#0f766e}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#a3adb8;--line:#333b44;--ground:#14181d;--raised:#1b2129;--ok:#56d364;--no:#ff7b72;--accent:#4fc3b5}}
        body{font:15px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:var(--ink);background:var(--ground)}
        h1{margin:.8rem 0 .2rem;font-size:1.7rem}h2{margin:2rem 0 .6rem;font-size:1.15rem}p.meta{color:var(--soft);margin:.2rem 0 1.2rem}
        .mark{background:#fff3c4;color:#1b1f24;border:2px solid #b58900;padding:.4rem .8rem;font-weight:700}.ok{color:var(--ok);font-weight:700}.no{color:var(--no);font-weight:700}
        .times{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1px;background:var(--line);border:1px solid var(--line);margin:0}.times div{background:var(--raised);padding:.6rem .9rem}.times dt{color:var(--soft);font-size:.85rem}.times dd{margin:0;font-size:1.35rem;font-weight:700;font-variant-numeric:tabular-nums}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-weight:600;font-size:.85rem}td:nth-child(3){white-space:nowrap}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tr.bad td{color:var(--no)}ol{columns:2;column-gap:3rem;padding-left:1.4rem}
        .picture{overflow-x:auto;border:1px solid var(--line);padding:.5rem}
        @media print{body{margin:0;max-width:none}.picture{overflow:visible}.picture svg{width:100%;height:auto}tr,.times div{break-inside:avoid}}
        """;

    /// <summary>The stages whose time since the first event people ask for first, and what each is called there.</summary>
    private static readonly (string Kind, string Word)[] Times = [("detection", "to the detection"), ("warning", "to the warning"), ("acknowledgement", "to the acknowledgement"), ("approval", "to the first approval"), ("end", "to the playbook's end")];

    public static string Render(DrillReport report)
    {
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Safe($"Drill: {report.Title}")).Append("</title><style>").Append(Style).Append("</style></head><body><p class=\"mark\">DRILL. Nothing here happened; nothing real was called or told.</p><h1>").Append(Safe(report.Title)).Append("</h1>");
        html.Append("<p class=\"meta\"><span class=\"").Append(report.Passed ? "ok\">Passed" : "no\">Failed").Append("</span> · ").Append(Safe($"{report.PlaybookName} · {report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC · warning {report.Warning} {report.Level}")).Append("</p>");
        if (report.Faults.Count > 0)
        {
            html.Append("<ul>");
            foreach (var fault in report.Faults) html.Append("<li class=\"no\">").Append(Safe(fault)).Append("</li>");
            html.Append("</ul>");
        }
        html.Append("<dl class=\"times\">");
        foreach (var (kind, word) in Times)
            if (report.Stages.FirstOrDefault(s => s.Kind == kind) is { } first) html.Append("<div><dt>").Append(word).Append("</dt><dd>").Append(Seconds(first.At)).Append("</dd></div>");
        html.Append("</dl><h2>Stages</h2><table><thead><tr><th>Stage</th><th>What</th><th>Who</th><th class=\"n\">since the first event</th><th class=\"n\">since the stage before</th></tr></thead><tbody>");
        foreach (var stage in report.Stages)
            html.Append(stage.What.EndsWith(": failed", StringComparison.Ordinal) ? "<tr class=\"bad\"><td>" : "<tr><td>").Append(Safe(stage.Kind)).Append("</td><td>").Append(Safe(stage.What)).Append("</td><td>").Append(Safe(stage.Who)).Append("</td><td class=\"n\">").Append(Seconds(stage.At)).Append("</td><td class=\"n\">").Append(Seconds(stage.Took)).Append("</td></tr>");
        html.Append("</tbody></table><h2>Steps taken</h2><ol>");
        foreach (var step in report.Path) html.Append("<li>").Append(Safe(step)).Append("</li>");
        html.Append("</ol><h2>Path</h2><div class=\"picture\">").Append(report.Picture).Append("</div></body></html>");
        return html.ToString();
    }

    private static string Seconds(double milliseconds) => (milliseconds / 1_000).ToString("0.000 's'", CultureInfo.InvariantCulture);

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
