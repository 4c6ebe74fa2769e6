using Beacon.Events;
using Beacon.Web.Commands.Scan;

namespace Beacon.Web.Api;

/// <summary>Events as rows (RFC 4180). A cell that a spreadsheet would take for a formula is given an apostrophe in front.</summary>
internal static class EventCsv
{
    public static string Head(IReadOnlyList<string> fields) => string.Join(',', fields.Select(CsvOutput.Cell));

    public static string Row(SecurityEvent e, IReadOnlyList<string> fields) => string.Join(',', fields.Select(f => CsvOutput.Cell(Of(e, f))));

    private static string Of(SecurityEvent e, string field) => field switch
    {
        "@timestamp" => e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        "event.ingested" => e.Received.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        "event.id" => e.Id.ToString(), "beacon.source" => e.Source, "beacon.sequence" => e.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
        // Several values stand behind one another.
        _ => string.Join("; ", Values(e, field)),
    };

    private static IEnumerable<string> Values(SecurityEvent e, string field)
    {
        for (var i = 0; i < e.Count; i++)
            if (e.KindAt(i) != ValueKind.Null && System.Text.Encoding.UTF8.GetString(e.NameAt(i)) == field) yield return e.TextAt(i);
    }
}
