using System.Buffers;
using System.Globalization;
using System.Text;
using Beacon.Detections.Attack;

namespace Beacon.Web.Commands.Scan;

/// <summary>
/// A row a match (RFC 4180), in the order of the files. A cell that a spreadsheet would take for a formula is given an apostrophe in
/// front: names and titles were written by others.
/// </summary>
internal sealed class CsvOutput : IScanOutput
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    private readonly TextWriter _output;

    public CsvOutput(TextWriter output)
    {
        _output = output;
        output.Write("time,level,host,title,techniques,event,rule\r\n");
    }

    public void Write(ScanMatch match) => _output.Write(string.Create(CultureInfo.InvariantCulture,
        $"{match.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{match.Level},{Cell(match.Host)},{Cell(match.Rule.Title)},{Cell(string.Join(' ', AttackTags.TechniquesOf(match.Rule.Tags)))},{Cell(match.Event)},{Cell(match.Rule.Id)}\r\n"));

    public void Finish() => _output.Flush();

    public void Dispose() => _output.Dispose();

    /// <summary>One cell, quoted where it must be.</summary>
    internal static string Cell(string text)
    {
        var start = text.AsSpan().TrimStart(" \u00a0\ufeff\u200b");
        // OWASP names = + - @, tab and return; spreadsheets fold full-width forms of the signs to these.
        var formula = start.Length > 0 && start[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uff1d' or '\uff0b' or '\uff0d' or '\uff20' or '|' or '%';
        if (!formula && !text.AsSpan().ContainsAny(Quoted)) return text;
        var cell = new StringBuilder(text.Length + 4).Append('"');
        if (formula) cell.Append('\'');
        return cell.Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }
}
