using System.Text;

namespace Beacon.Events;

/// <summary>Rows of a CSV text (RFC 4180): quoted cells may hold commas, line ends and doubled quotes.</summary>
public static class CsvRows
{
    /// <summary>Cells of a row at most.</summary>
    public const int MaxCells = 256;

    public static IEnumerable<(int Line, IReadOnlyList<string> Cells, Phrase? Fault)> Read(string text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var line = 1;
        var started = 1;
        var at = 0;
        while (at < text.Length)
        {
            if (cells.Count == 0 && cell.Length == 0) started = line;
            var c = text[at];
            if (c == '"' && cell.Length == 0)
            {
                var closed = false;
                for (at++; at < text.Length; at++)
                {
                    if (text[at] == '\n') line++;
                    if (text[at] != '"') cell.Append(text[at]);
                    else if (at + 1 < text.Length && text[at + 1] == '"') cell.Append(text[at++]);
                    else
                    {
                        closed = true;
                        at++;
                        break;
                    }
                }
                if (!closed)
                {
                    yield return (started, [], "a quoted cell is not closed");
                    yield break;
                }
                continue;
            }
            at++;
            if (c == ',')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (cells.Count <= MaxCells) continue;
                yield return (started, [], $"more than {MaxCells} cells");
                yield break;
            }
            if (c == '\r' && at < text.Length && text[at] == '\n') continue;
            if (c is '\n' or '\r')
            {
                cells.Add(cell.ToString());
                cell.Clear();
                yield return (started, cells, null);
                cells = [];
                line++;
                continue;
            }
            cell.Append(c);
        }
        if (cells.Count == 0 && cell.Length == 0) yield break;
        cells.Add(cell.ToString());
        yield return (started, cells, null);
    }
}
