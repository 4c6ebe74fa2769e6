using System.Text;
using Beacon.Alerting.Clocks;

namespace Beacon.Alerting.Incidents.Reports;

/// <summary>The report as CommonMark with tables. Text of others is escaped: it makes no markup and no line of its own.</summary>
internal static class MarkdownReport
{
    public static string Write(ReportDocument document)
    {
        var text = new StringBuilder();
        text.Append("**").Append(document.Tlp).Append("**\n\n# ").Append(Escape(document.Title)).Append("\n\n");
        foreach (var (name, value) in document.Facts) text.Append("- ").Append(name).Append(document.Colon).Append(Escape(value)).Append('\n');
        foreach (var section in document.Sections)
        {
            text.Append("\n## ").Append(Escape(section.Title)).Append("\n\n");
            foreach (var line in section.Lines) text.Append("- ").Append(Escape(line)).Append('\n');
            if (section is not { Columns: { } columns, Rows: { Count: > 0 } rows }) continue;
            if (section.Lines.Count > 0) text.Append('\n');
            text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").Insert(text.Length, "---|", columns.Count).Append('\n');
            foreach (var row in rows) text.Append("| ").AppendJoin(" | ", row.Select(Escape)).Append(" |\n");
        }
        return text.Append("\n**").Append(document.Tlp).Append("**\n").ToString();
    }

    private static string Escape(string text) => ReportText.Escape(SafeText.Of(text));
}
