using System.Globalization;
using System.Text;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Writes cases into a cases file's text, and takes them out again; what else stands there stays as it is.</summary>
public static class CaseText
{
    /// <summary>Longest text of a cases file, UTF-16 units.</summary>
    public const int MaxLength = 1_000_000;

    /// <summary>Longest name of a case.</summary>
    public const int MaxName = 200;

    /// <summary>The text with one case more, at its end.</summary>
    public static string Add(string text, string name, bool match, SecurityEvent e)
    {
        var added = new StringBuilder(text.TrimEnd());
        if (added.Length > 0) added.Append("\n\n");
        added.Append("- name: ").Append(Quote(name.Length > MaxName ? name[..MaxName] : name)).Append("\n  match: ").Append(match ? "true" : "false").Append("\n  event:");
        var bare = added.Length;
        added.Append('\n');
        if (e.Timestamp > DateTimeOffset.UnixEpoch) added.Append(CultureInfo.InvariantCulture, $"    '{FieldReader.TimestampName}': {Quote(e.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}\n");
        foreach (var field in Enumerable.Range(0, e.Count).GroupBy(i => Encoding.UTF8.GetString(e.NameAt(i))))
        {
            if (field.Key == FieldReader.TimestampName) continue;
            int[] places = [.. field];
            if (places.Length == 1) added.Append(CultureInfo.InvariantCulture, $"    {Quote(field.Key)}: {Scalar(e, places[0])}\n");
            else added.Append(CultureInfo.InvariantCulture, $"    {Quote(field.Key)}: [{string.Join(", ", places.Select(i => Scalar(e, i)))}]\n");
        }
        if (added.Length == bare + 1) added.Insert(bare, " {}");
        return added.ToString();
    }

    /// <summary>The text without the case that begins in the line, from 1; as it was where none begins there.</summary>
    public static string Remove(string text, int line)
    {
        var documents = YamlReader.Read(text, new FaultList(""));
        if (documents is not [{ Root: YamlList list }]) return text;
        int[] starts = [.. list.Items.Select(static i => i.Mark.Line)];
        var at = Array.IndexOf(starts, line);
        if (at < 0) return text;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return string.Join('\n', lines[..(line - 1)].Concat(at + 1 < starts.Length ? lines[(starts[at + 1] - 1)..] : [])).TrimEnd() + "\n";
    }

    private static string Scalar(SecurityEvent e, int place) => e.KindAt(place) switch
    {
        ValueKind.Null => "null",
        ValueKind.Number when decimal.TryParse(e.TextAt(place), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) => e.TextAt(place),
        ValueKind.Boolean => e.TextAt(place) is "true" ? "true" : "false",
        _ => Quote(e.TextAt(place)),
    };

    // What a line in single quotes can't hold is written in double quotes with its code.
    private static string Quote(string text)
    {
        if (!text.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff')) return "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff') quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
