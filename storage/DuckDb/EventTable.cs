using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Beacon.Events;
using DuckDB.NET.Data;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// The event table: a typed column per <see cref="EcsFields.Columns"/>, "multi" for column fields with several values or values
/// of another type, "rest" for all other fields, both flat JSON, "spaced" for rows with a space in a name of "rest". Times are kept in microseconds.
/// </summary>
internal static class EventTable
{
    /// <summary>The name under which an event's source is asked for.</summary>
    public const string SourceField = "beacon.source";

    public static string Create(string catalog)
    {
        var sql = new StringBuilder($"CREATE TABLE {catalog}.events(id UUID NOT NULL, sequence BIGINT NOT NULL, ts TIMESTAMP NOT NULL, received TIMESTAMP NOT NULL, source VARCHAR NOT NULL");
        foreach (var column in EcsFields.Columns)
        {
            sql.Append(", ").Append(Sql.Name(column.Name)).Append(column.Type == ColumnType.Integer ? " BIGINT" : " VARCHAR");
            if (column.Name == "message") sql.Append(" USING COMPRESSION zstd");
            if (column.Type == ColumnType.Ip) sql.Append(", ").Append(Sql.Name(Addresses.SortColumn(column))).Append(" BLOB");
        }
        return sql.Append(", multi VARCHAR, rest VARCHAR USING COMPRESSION zstd, spaced BOOLEAN NOT NULL)").ToString();
    }

    /// <summary>
    /// Statements, one after another, that write a table of an earlier version anew, with columns that have been declared since and their values out of "rest". A
    /// value that is not of its column's type stays in "rest": it is read back, and searches of the column do not find it.
    /// </summary>
    public static IEnumerable<string> Rebuild(string catalog, IReadOnlySet<string> present, long rows)
    {
        var added = EcsFields.Columns.Where(c => !present.Contains(c.Name)).ToList();
        var names = new List<string> { "id", "sequence", "ts", "received", "source" };
        var values = new List<string>(names);
        var rest = "rest";
        var spaced = present.Contains("spaced") ? "spaced" : "coalesce(regexp_matches(rest, '\"[^\"]* [^\"]*\":'), false)";
        foreach (var column in EcsFields.Columns)
        {
            names.Add(Sql.Name(column.Name));
            values.Add(present.Contains(column.Name) ? Sql.Name(column.Name) : $"CASE WHEN {Movable(column)} THEN {Moved(column)} END");
            if (column.Type != ColumnType.Ip) continue;
            names.Add(Sql.Name(Addresses.SortColumn(column)));
            values.Add(present.Contains(column.Name) ? Sql.Name(Addresses.SortColumn(column)) : "NULL");
        }
        foreach (var column in added) rest = $"CASE WHEN {Movable(column)} THEN nullif(json_merge_patch({rest}, {Sql.Text("{" + Sql.Json(column.Name) + ":null}")})::VARCHAR, '{{}}') ELSE {rest} END";
        // Until the last statement the old table is the one that counts: after a crash this begins again. In slices, since memory is limited.
        yield return $"DROP TABLE IF EXISTS {catalog}.events_next; {Create(catalog).Replace(".events(", ".events_next(", StringComparison.Ordinal)}";
        for (long at = 0; at < rows; at += RebuildRows)
            yield return $"INSERT INTO {catalog}.events_next({string.Join(", ", names)}, multi, rest, spaced) SELECT {string.Join(", ", values)}, multi, {rest}, {spaced} FROM {catalog}.events WHERE rowid >= {at} AND rowid < {at + RebuildRows}";
        yield return $"BEGIN; DROP TABLE {catalog}.events; ALTER TABLE {catalog}.events_next RENAME TO events; COMMIT; CHECKPOINT {catalog}";

        static string Moved(EcsColumn column) => $"TRY_CAST(json_extract_string(rest, {Sql.Pointer(column.Name)}) AS {(column.Type == ColumnType.Integer ? "BIGINT" : "VARCHAR")})";
        static string Movable(EcsColumn column) => $"(contains(rest, {Sql.MemberMark(column.Name)}) AND json_type(rest, {Sql.Pointer(column.Name)}) NOT IN ('ARRAY', 'NULL', 'BOOLEAN') AND {Moved(column)} IS NOT NULL)";
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

    private const int RebuildRows = 100_000;
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
        bool hasRest = false, isSpaced = false;
        Span<bool> irregular = stackalloc bool[columns.Count];
        irregular.Clear();
        for (var i = 0; i < e.Count; i++)
        {
            var id = e.FieldAt(i).Value;
            if ((uint)id >= (uint)columns.Count)
            {
                hasRest = true;
                isSpaced |= e.NameAt(i).Contains((byte)' ');
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
            row.AppendValue(Writable(AddAddresses(e, irregularIds, scratch.WrittenSpan)));
        }
        else row.AppendNullValue();
        if (hasRest)
        {
            scratch.ResetWrittenCount();
            EcsJson.WriteFlat(e, scratch, static (x, i) => (uint)x.FieldAt(i).Value < (uint)EcsFields.Columns.Count);
            row.AppendValue(Writable(scratch.WrittenSpan));
        }
        else row.AppendNullValue();
        row.AppendValue(isSpaced);
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

    /// <summary>Adds to the JSON what networks are searched in: the sortable form of each address of a column that holds several.</summary>
    private static ReadOnlySpan<byte> AddAddresses(SecurityEvent e, bool[] irregular, ReadOnlySpan<byte> json)
    {
        StringBuilder? added = null;
        Span<byte> address = stackalloc byte[16];
        for (var c = 0; c < irregular.Length; c++)
        {
            if (!irregular[c] || EcsFields.Columns[c].Type != ColumnType.Ip) continue;
            var field = new FieldId(c);
            var texts = new List<string>();
            for (var i = e.IndexOf(field); i >= 0; i = e.IndexOf(field, i + 1))
                if (Addresses.Sortable(e.ValueAt(i), address)) texts.Add('"' + Addresses.Text(address) + '"');
            if (texts.Count > 0) (added ??= new StringBuilder()).Append(System.Globalization.CultureInfo.InvariantCulture, $",\"{Addresses.ListMember(EcsFields.Columns[c].Name)}\":[{string.Join(',', texts)}]");
        }
        return added is null ? json : (byte[])[.. json[..^1], .. Encoding.UTF8.GetBytes(added.Append('}').ToString())];
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
