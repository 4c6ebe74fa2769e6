using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Beacon.Web.Commands.Bench;

/// <summary>A value under its snake_case key: text, a whole number, a number, or rows.</summary>
internal sealed record BenchValue(string Key, object Value);

/// <summary>What a benchmark measured, in order: one definition for the table and for the JSON object.</summary>
internal sealed class BenchReport
{
    private readonly List<BenchValue> _values = [];

    public BenchReport(string bench) =>
        Add("bench", bench).Add("cores", Environment.ProcessorCount).Add("runtime", RuntimeInformation.FrameworkDescription);

    public IReadOnlyList<BenchValue> Values => _values;

    public BenchReport Add(string key, string value) => Put(key, value);
    public BenchReport Add(string key, long value) => Put(key, value);

    /// <summary>A number; one that is not finite is left out, since JSON has none.</summary>
    public BenchReport Add(string key, double value) => double.IsFinite(value) ? Put(key, value) : this;

    /// <summary>Rows of the same columns.</summary>
    public BenchReport Add(string key, IReadOnlyList<BenchReport> rows) => Put(key, rows);

    /// <summary>A row, or an object within the report: nothing but what is added.</summary>
    public static BenchReport Row() => new();

    private BenchReport()
    {
    }

    /// <summary>One JSON object (RFC 8259) on one line.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) WriteJson(json);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Key and value a line; rows as a table with their keys as heads.</summary>
    public void WriteTable(TextWriter output)
    {
        var width = _values.Where(v => v.Value is not IReadOnlyList<BenchReport>).Select(v => v.Key.Length).DefaultIfEmpty(0).Max() + 2;
        foreach (var (key, value) in _values)
        {
            if (value is IReadOnlyList<BenchReport> rows) WriteRows(output, rows);
            else output.WriteLine($"{key.PadRight(width)}{Text(value)}");
        }
    }

    private BenchReport Put(string key, object value)
    {
        _values.Add(new BenchValue(key, value));
        return this;
    }

    private void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (key, value) in _values)
        {
            json.WritePropertyName(key);
            switch (value)
            {
                case string text: json.WriteStringValue(text); break;
                case long whole: json.WriteNumberValue(whole); break;
                case double number: json.WriteNumberValue(Math.Round(number, 4)); break;
                default:
                    json.WriteStartArray();
                    foreach (var row in (IReadOnlyList<BenchReport>)value) row.WriteJson(json);
                    json.WriteEndArray();
                    break;
            }
        }
        json.WriteEndObject();
    }

    private static void WriteRows(TextWriter output, IReadOnlyList<BenchReport> rows)
    {
        if (rows.Count == 0) return;
        var keys = rows[0]._values.ConvertAll(v => v.Key);
        var cells = rows.Select(r => keys.ConvertAll(k => r._values.Find(v => v.Key == k) is { } found ? Text(found.Value) : "")).ToList();
        var widths = keys.Select((k, i) => Math.Max(k.Length, cells.Max(c => c[i].Length))).ToArray();
        output.WriteLine();
        foreach (var line in cells.Prepend(keys))
            output.WriteLine(string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
        output.WriteLine();
    }

    private static string Text(object value) => value switch
    {
        double number => number.ToString(Math.Abs(number) >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture),
        long whole => whole.ToString("N0", CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
