using System.Globalization;

namespace Beacon.Web.Commands.Scan;

/// <summary>A line a match for people, in the order of the files.</summary>
internal sealed class TableOutput(TextWriter output) : IScanOutput
{
    public void Write(ScanMatch match) => output.WriteLine(Line(match));

    public void Finish() => output.Flush();

    public void Dispose() => output.Dispose();

    public static string Line(ScanMatch match) => string.Create(CultureInfo.InvariantCulture,
        $"{match.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}  {match.Level,-13}  {TerminalText.Clean(match.Host.Length == 0 ? "-" : match.Host),-24}  {TerminalText.Clean(match.Rule.Title)}  {TerminalText.Clean(match.Event)}");
}
