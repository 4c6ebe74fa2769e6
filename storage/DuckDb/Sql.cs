using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>SQL text from values. Values are written as literals because the binding cuts parameters at an embedded NUL.</summary>
internal static class Sql
{
    public static string Text(string value)
    {
        var sql = new StringBuilder(value.Length + 2).Append('\'');
        foreach (var c in value)
        {
            if (c == '\0') sql.Append("'||chr(0)||'");
            else if (c == '\'') sql.Append("''");
            else sql.Append(c);
        }
        return sql.Append('\'').ToString();
    }

    public static string Name(string identifier) => '"' + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE";

    public static string Time(DateTimeOffset time) => $"make_timestamp({Number(Microseconds(time))})";

    public static long Microseconds(DateTimeOffset time) => StateTime.ToMicroseconds(time);

    public static string Blob(ReadOnlySpan<byte> bytes)
    {
        var sql = new StringBuilder("'", bytes.Length * 4 + 8);
        foreach (var b in bytes) sql.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
        return sql.Append("'::BLOB").ToString();
    }

    /// <summary>The JSON pointer (RFC 6901) of a member of the top object, as a literal.</summary>
    public static string Pointer(string member) =>
        Text("/" + member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    /// <summary>How the member's name stands in the flat JSON that <see cref="EcsJson.WriteFlat"/> wrote, as a literal: a cheap test before the JSON is read.</summary>
    public static string MemberMark(string member) => Text(Json(member) + ":");

    /// <summary>The text as a JSON string with its quotes, escaped as events are written.</summary>
    public static string Json(string text) => JsonSerializer.Serialize(text, JsonText);

    private static readonly JsonSerializerOptions JsonText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
