using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Beacon.Events;
using DuckDB.NET.Data;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// The event table: a typed column per <see cref="EcsFields.Columns"/>, "multi" for column fields with several values or values
/// of another type, "rest" for all other fields, both flat JSON. Times are kept in microseconds.
/// </summary>
internal static class EventTable
{
    public static string Create(string catalog)
    {
        var sql = new StringBuilder($"CREATE TABLE {catalog}.events(id UUID NOT NULL, sequence BIGINT NOT NULL, ts TIMESTAMP NOT NULL, received TIMESTAMP NOT NULL, source VARCHAR NOT NULL");
        foreach (var column in EcsFields.Columns)
        {
            sql.Append(", ").Append(Sql.Name(column.Name)).Append(column.Type == ColumnType.Integer ? " BIGINT" : " VARCHAR");
            if (column.Name == "message") sql.Append(" USING COMPRESSION zstd");
            if (column.Type == ColumnType.Ip) sql.Append(", ").Append(Sql.Name(Addresses.SortColumn(column))).Append(" BLOB");
        }
        return sql.Append(", multi VARCHAR, rest VARCHAR USING COMPRESSION zstd)").ToString();
    }

    public static string SelectList { get; } =
        "id, sequence, ts, received, source, multi, rest, " + string.Join(", ", EcsFields.Columns.Select(c => Sql.Name(c.Name)));

    /// <summary>The list for some fields: in the same places as <see cref="SelectList"/>, with NULL for what is not asked for.</summary>
    public static string Select(IReadOnlyList<string>? fields)
    {
        if (fields is null) return SelectList;
        var wanted = new HashSet<string>(fields, StringComparer.Ordinal);
        var rest = fields.Any(static f => EcsFields.ColumnOf(f) is null);
        return $"id, sequence, ts, received, source, multi, {(rest ? "rest" : "NULL::VARCHAR")}, "
            + string.Join(", ", EcsFields.Columns.Select(c => wanted.Contains(c.Name) ? Sql.Name(c.Name) : c.Type == ColumnType.Integer ? "NULL::BIGINT" : "NULL::VARCHAR"));
    }

    private const int FirstColumn = 7;

    public static void Append(IDuckDBAppenderRow row, SecurityEvent e, ArrayBufferWriter<byte> scratch)
    {
        row.AppendValue(e.Id.Value).AppendValue(e.Sequence).AppendValue(e.Timestamp.UtcDateTime).AppendValue(e.Received.UtcDateTime).AppendValue(e.Source);
        Span<byte> address = stackalloc byte[16];
        var other = false;
        var columns = EcsFields.Columns;
        // A field's id is its column's position, so one pass over the values finds every column's first value and how many follow.
        Span<int> first = stackalloc int[columns.Count];
        first.Fill(-1);
        var hasRest = false;
        Span<bool> irregular = stackalloc bool[columns.Count];
        irregular.Clear();
        for (var i = 0; i < e.Count; i++)
        {
            var id = e.FieldAt(i).Value;
            if ((uint)id >= (uint)columns.Count)
            {
                hasRest = true;
                continue;
            }
            if (first[id] >= 0) irregular[id] = true;
            else first[id] = i;
            if (!Fits(columns[id].Type, e, i)) irregular[id] = true;
            other |= irregular[id];
        }
        for (var c = 0; c < columns.Count; c++)
        {
            var i = first[c];
            var usable = i >= 0 && Fits(columns[c].Type, e, i);
            if (columns[c].Type == ColumnType.Integer)
            {
                if (usable && e.TryGetInteger(new FieldId(c), out var n)) row.AppendValue(n);
                else row.AppendNullValue();
                continue;
            }
            if (usable) row.AppendValue(Writable(e.ValueAt(i)));
            else row.AppendNullValue();
            if (columns[c].Type != ColumnType.Ip) continue;
            if (usable && Addresses.Sortable(e.ValueAt(i), address)) row.AppendValue(address);
            else row.AppendNullValue();
        }
        if (other)
        {
            scratch.ResetWrittenCount();
            var irregularIds = new bool[columns.Count];
            irregular.CopyTo(irregularIds);
            EcsJson.WriteFlat(e, scratch, (x, i) => (uint)x.FieldAt(i).Value >= (uint)irregularIds.Length || !irregularIds[x.FieldAt(i).Value]);
            row.AppendValue(Writable(scratch.WrittenSpan));
        }
        else row.AppendNullValue();
        if (hasRest)
        {
            scratch.ResetWrittenCount();
            EcsJson.WriteFlat(e, scratch, static (x, i) => (uint)x.FieldAt(i).Value < (uint)EcsFields.Columns.Count);
            row.AppendValue(Writable(scratch.WrittenSpan));
        }
        else row.AppendNullValue();
    }

    public static SecurityEvent Read(DuckDBDataReader row)
    {
        var e = new SecurityEvent
        {
            Id = new SecurityEventId(row.GetGuid(0)),
            Sequence = row.GetInt64(1),
            Timestamp = new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(2), DateTimeKind.Utc)),
            Received = new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(3), DateTimeKind.Utc)),
            Source = row.GetString(4),
        };
        SecurityEvent? multi = null;
        if (!row.IsDBNull(5))
        {
            multi = new SecurityEvent();
            JsonFields.Read(Encoding.UTF8.GetBytes(row.GetString(5)), multi);
        }
        for (var c = 0; c < EcsFields.Columns.Count; c++)
        {
            var field = new FieldId(c);
            if (multi is not null && multi.Has(field))
            {
                for (var i = multi.IndexOf(field); i >= 0; i = multi.IndexOf(field, i + 1)) e.Add(field, multi.ValueAt(i), multi.KindAt(i));
                continue;
            }
            if (row.IsDBNull(FirstColumn + c)) continue;
            if (EcsFields.Columns[c].Type == ColumnType.Integer) e.Add(field, row.GetInt64(FirstColumn + c));
            else e.Add(field, row.GetString(FirstColumn + c));
        }
        if (!row.IsDBNull(6)) JsonFields.Read(Encoding.UTF8.GetBytes(row.GetString(6)), e);
        return e;
    }

    private static bool Fits(ColumnType type, SecurityEvent e, int i)
    {
        var kind = e.KindAt(i);
        return type == ColumnType.Integer
            ? kind is ValueKind.Number or ValueKind.Text && IsCanonicalInteger(e.ValueAt(i))
            : kind is ValueKind.Text or ValueKind.Number;
    }

    private static bool IsCanonicalInteger(ReadOnlySpan<byte> text) =>
        System.Buffers.Text.Utf8Parser.TryParse(text, out long n, out var used) && used == text.Length
        && (text.Length == 1 || (text[0] != (byte)'0' && text[0] != (byte)'+' && !text.StartsWith("-0"u8) && n != long.MinValue));

    // The binding takes a writable span and only reads it.
    private static Span<byte> Writable(ReadOnlySpan<byte> bytes) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length);
}
