using System.Text.Json;

namespace Beacon.Web.Commands.Scan;

/// <summary>A JSON object a line.</summary>
internal sealed class NdjsonOutput(TextWriter output, bool explain) : IScanOutput
{
    public void Write(ScanMatch match) => output.WriteLine(JsonSerializer.Serialize(
        new ScanLine(match.Event, match.Rule.Id, match.Rule.Title, match.Level, match.Time.UtcDateTime,
            explain ? [.. match.Matched.Select(static m => new ScanField(m.Selection, m.Field, m.Value, m.Start, m.Length))] : null), ScanJson.Default.ScanLine));

    public void Finish() => output.Flush();

    public void Dispose() => output.Dispose();
}
