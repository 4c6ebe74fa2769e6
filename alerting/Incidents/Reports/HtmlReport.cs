using System.Net;
using System.Text;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>The report as one page without script, picture or anything from elsewhere, made to be printed.</summary>
internal static class HtmlReport
{
    private const string Style =
        """
        body{font:11pt/1.45 system-ui,sans-serif;color:#111;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #999;break-after:avoid}
        .tlp{font-weight:700;border:2px solid #111;padding:.1rem .5rem;display:inline-block}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%;font-size:9.5pt}th,td{border:1px solid #999;padding:.2rem .4rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
        .s{white-space:nowrap}thead{display:table-header-group}tr{break-inside:avoid}
        :lang(zh){font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif}:lang(zh) body{font-family:inherit;line-height:1.6}:lang(zh) th{white-space:nowrap}
        @media print{body{margin:0;max-width:none}@page{margin:18mm}}
        """;

    public static string Write(ReportDocument document)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"").Append(document.Language).Append("\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>")
            .Append(Encode(document.Title)).Append("</title><style>").Append(Style).Append("</style></head><body>\n");
        html.Append("<p class=\"tlp\">").Append(Encode(document.Tlp)).Append("</p>\n<h1>").Append(Encode(document.Title)).Append("</h1>\n<dl>");
        foreach (var (name, value) in document.Facts) html.Append("<dt>").Append(Encode(name)).Append("</dt><dd>").Append(Encode(value)).Append("</dd>");
        html.Append("</dl>\n");
        foreach (var section in document.Sections)
        {
            html.Append("<section><h2>").Append(Encode(section.Title)).Append("</h2>\n");
            if (section.Lines.Count > 0) html.Append("<ul>").AppendJoin("", section.Lines.Select(l => $"<li>{Encode(l)}</li>")).Append("</ul>\n");
            if (section is { Columns: { } columns, Rows: { Count: > 0 } rows })
            {
                html.Append("<table><thead><tr>").AppendJoin("", columns.Select(c => $"<th scope=\"col\">{Encode(c)}</th>")).Append("</tr></thead><tbody>\n");
                foreach (var row in rows) html.Append("<tr>").AppendJoin("", row.Select(Cell)).Append("</tr>\n");
                html.Append("</tbody></table>\n");
            }
            html.Append("</section>\n");
        }
        return html.Append("<p class=\"tlp\">").Append(Encode(document.Tlp)).Append("</p>\n</body></html>\n").ToString();
    }

    // What is short stays in one line where the table is wide; long names may break anywhere.
    private static string Cell(string text) => $"<td{(text.Length <= 8 || (text.Length == 20 && text.EndsWith(" UTC", StringComparison.Ordinal)) ? " class=\"s\"" : "")}>{Encode(text)}</td>";

    private static string Encode(string text) => WebUtility.HtmlEncode(SafeText.Of(text));
}
