using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>
/// An event as a document: its columns as nested ECS objects and all other fields in "rest", as they were written; and every value, folded, as a term
/// "name=value" in "fields", which is what is searched. A column that has several values, or one that its type can't take, stands in "rest" too and is named
/// in "multi", so that a mapping never stops an event and every value is found. "kinds" and "long" serve reading back only.
/// </summary>
internal sealed class EventDocument : IDisposable
{
    private static readonly int Columns = EventColumn.All.Count;
    private static readonly ColumnType[] Types = [.. EventColumn.All.Select(c => c.Type)];
    private static readonly int[] Uncounted = [.. Enumerable.Range(0, Columns).Where(static c => !EventColumn.All[c].IsCounted)];
    private static readonly Dictionary<int, byte[]> HasUncounted = Uncounted.ToDictionary(static c => c, static c => Encoding.UTF8.GetBytes($"\",\"has={EventColumn.All[c].Name}"));

    private readonly int[] _first = new int[Columns];
    private readonly bool[] _irregular = new bool[Columns];
    private readonly ByteBuffer _rest = new(), _fields = new(), _kinds = new(256), _numbers = new(256), _nulls = new(256), _long = new(256), _pieces = new(256);
    private readonly ByteBuffer _scratch = new();
    private readonly ByteBuffer[] _parts;
    private readonly byte[][] _open = new byte[8][];
    private string _sourceText = "";
    private byte[] _source = [];

    public EventDocument() => _parts = [_rest, _fields, _kinds, _numbers, _nulls, _long, _pieces];

    /// <summary>Writes the document, one JSON object on one line.</summary>
    public void Write(SecurityEvent e, ByteBuffer output)
    {
        var multi = Survey(e);
        output.Add("{\"@timestamp\":"u8);
        JsonBytes.Time(output, e.Timestamp);
        output.Add(",\"beacon\":{\"received\":"u8);
        JsonBytes.Time(output, e.Received);
        output.Add(",\"us\":"u8);
        JsonBytes.Number(output, StateTime.ToMicroseconds(e.Timestamp));
        output.Add(",\"sequence\":"u8);
        JsonBytes.Number(output, e.Sequence);
        output.Add(",\"source\":"u8);
        JsonBytes.String(output, SourceOf(e));
        // Beside "fields": a text that is looked for anywhere in the event is not looked for here.
        output.Add(",\"search\":[\"beacon.source="u8);
        JsonBytes.Escaped(output, FoldedText.TryFold(SourceOf(e), _scratch) ? _scratch.WrittenSpan : SourceOf(e));
        foreach (var column in Uncounted) if (Stands(e, column)) output.Add(HasUncounted[column]);
        output.Add("\"]}"u8);
        if (multi) Multi(e, output);
        Nested(e, output);
        Others(e);
        Part(output, ",\"rest\":["u8, _rest, "]"u8);
        if (_kinds.WrittenSpan.ContainsAnyExcept((byte)'T')) Part(output, ",\"kinds\":\""u8, _kinds, "\""u8);
        Part(output, ",\"fields\":["u8, _fields, "]"u8);
        Part(output, ",\"numbers\":["u8, _numbers, "]"u8);
        Part(output, ",\"nulls\":["u8, _nulls, "]"u8);
        Part(output, ",\"long\":["u8, _long, "]"u8);
        Part(output, ",\"pieces\":["u8, _pieces, "]"u8);
        output.Add("}\n"u8);
    }

    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
        _scratch.Dispose();
    }

    // Runs of events come from one source.
    private byte[] SourceOf(SecurityEvent e)
    {
        if (!ReferenceEquals(_sourceText, e.Source)) (_sourceText, _source) = (e.Source, Encoding.UTF8.GetBytes(e.Source));
        return _source;
    }

    /// <summary>Finds each column's first value and which columns need "rest".</summary>
    private bool Survey(SecurityEvent e)
    {
        Array.Fill(_first, -1);
        Array.Clear(_irregular);
        foreach (var part in _parts) part.Clear();
        var any = false;
        for (var i = 0; i < e.Count; i++)
        {
            var id = e.FieldAt(i).Value;
            if ((uint)id >= (uint)Columns) continue;
            if (_first[id] >= 0) any = _irregular[id] = true;
            else _first[id] = i;
            if (!Fits(Types[id], e, i)) any = _irregular[id] = true;
        }
        return any;
    }

    /// <summary>Names the columns that are read from "rest"; one that is null alone is not there.</summary>
    private void Multi(SecurityEvent e, ByteBuffer output)
    {
        var start = output.Count;
        output.Add(",\"multi\":["u8);
        var open = output.Count;
        for (var c = 0; c < Columns; c++)
        {
            if (!_irregular[c] || !HasValue(e, new FieldId(c))) continue;
            JsonBytes.String(output, FieldNames.Utf8NameOf(new FieldId(c)));
            output.Add((byte)',');
        }
        if (output.Count == open)
        {
            output.Truncate(start);
            return;
        }
        output.Truncate(output.Count - 1);
        output.Add((byte)']');
    }

    private static bool HasValue(SecurityEvent e, FieldId column)
    {
        for (var i = e.IndexOf(column); i >= 0; i = e.IndexOf(column, i + 1)) if (e.KindAt(i) != ValueKind.Null) return true;
        return false;
    }

    /// <summary>The columns in order of their paths: objects are opened and closed on the way.</summary>
    private void Nested(SecurityEvent e, ByteBuffer output)
    {
        var depth = 0;
        foreach (var step in ColumnOrder.Steps)
        {
            if (!Stands(e, step.Field)) continue;
            var i = _first[step.Field];
            var common = 0;
            while (common < depth && common < step.Path.Length && (ReferenceEquals(_open[common], step.Path[common]) || _open[common].AsSpan().SequenceEqual(step.Path[common]))) common++;
            for (; depth > common; depth--) output.Add((byte)'}');
            output.Add((byte)',');
            for (; depth < step.Path.Length; depth++)
            {
                output.Add(_open[depth] = step.Path[depth]);
                output.Add((byte)'{');
            }
            output.Add(step.Key);
            if (_irregular[step.Field])
            {
                // Counted value by value; they are searched and read back where they stand in "rest".
                Each(e, step.Field, output);
                continue;
            }
            if (e.KindAt(i) == ValueKind.Number || Types[step.Field] == ColumnType.Integer) output.Add(e.ValueAt(i));
            else JsonBytes.String(output, e.ValueAt(i));
            FoldedTerm(e, i);
            if (Types[step.Field] == ColumnType.Text) Number(e, i);
        }
        for (; depth > 0; depth--) output.Add((byte)'}');
    }

    /// <summary>Whether a column has a value that is written to its own field.</summary>
    private bool Stands(SecurityEvent e, int column) => _first[column] >= 0 && (!_irregular[column] || HasCountable(e, new FieldId(column)));

    /// <summary>All values of a column as a list. A whole number is one; what a column can't take is text, which the mapping leaves out of comparing and counts.</summary>
    private static void Each(SecurityEvent e, int column, ByteBuffer output)
    {
        var isNumber = Types[column] == ColumnType.Integer;
        output.Add((byte)'[');
        for (var i = e.IndexOf(new FieldId(column)); i >= 0; i = e.IndexOf(new FieldId(column), i + 1))
        {
            if (!IsCountable(e, i)) continue;
            if (isNumber && Fits(ColumnType.Integer, e, i)) output.Add(e.ValueAt(i));
            else JsonBytes.String(output, e.ValueAt(i));
            output.Add((byte)',');
        }
        output.Truncate(output.Count - 1);
        output.Add((byte)']');
    }

    private static bool IsCountable(SecurityEvent e, int i) => e.KindAt(i) != ValueKind.Null && e.ValueAt(i).Length <= LongValue.MostBytes;

    private static bool HasCountable(SecurityEvent e, FieldId column)
    {
        for (var i = e.IndexOf(column); i >= 0; i = e.IndexOf(column, i + 1)) if (IsCountable(e, i)) return true;
        return false;
    }

    private void FoldedTerm(SecurityEvent e, int i) => Term(e, i, _fields, FoldedText.TryFold(e.ValueAt(i), _scratch) ? _scratch.WrittenSpan : e.ValueAt(i));

    private void Others(SecurityEvent e)
    {
        for (var i = 0; i < e.Count; i++)
        {
            var id = e.FieldAt(i).Value;
            if ((uint)id < (uint)Columns && !_irregular[id]) continue;
            if (e.KindAt(i) == ValueKind.Null) Term(e, i, _nulls, default);
            else if (e.ValueAt(i).Length > LongValue.MostBytes)
            {
                Term(e, i, _long, e.ValueAt(i));
                LongValue.Write(e.NameAt(i), FoldedText.TryFold(e.ValueAt(i), _scratch) ? _scratch.WrittenSpan : e.ValueAt(i), _pieces);
            }
            else
            {
                Term(e, i, _rest, e.ValueAt(i));
                FoldedTerm(e, i);
                _kinds.Add(e.KindAt(i) switch { ValueKind.Number => (byte)'N', ValueKind.Boolean => (byte)'B', _ => (byte)'T' });
                Number(e, i);
            }
        }
    }

    private static void Term(SecurityEvent e, int i, ByteBuffer output, ReadOnlySpan<byte> value)
    {
        output.Add((byte)'"');
        FieldTermJson.Name(e, i, output);
        JsonBytes.Escaped(output, value);
        output.Add("\","u8);
    }

    /// <summary>A value that reads as a number is found by comparisons too.</summary>
    private void Number(SecurityEvent e, int i)
    {
        if (!SortableNumber.TryParse(e.ValueAt(i), out var number)) return;
        Span<byte> digits = stackalloc byte[SortableNumber.Digits];
        SortableNumber.Write(number, digits);
        Term(e, i, _numbers, digits);
    }

    private static void Part(ByteBuffer output, ReadOnlySpan<byte> open, ByteBuffer part, ReadOnlySpan<byte> close)
    {
        var text = part.WrittenSpan;
        if (text.Length == 0) return;
        output.Add(open);
        output.Add(text[^1] == ',' ? text[..^1] : text);
        output.Add(close);
    }

    /// <summary>Whether a column of this type takes the value as it is.</summary>
    private static bool Fits(ColumnType type, SecurityEvent e, int i)
    {
        var kind = e.KindAt(i);
        var value = e.ValueAt(i);
        if (value.Length > LongValue.MostBytes) return false;
        if (type == ColumnType.Integer) return kind is ValueKind.Number or ValueKind.Text && IsCanonicalInteger(value);
        return kind == ValueKind.Text || (kind == ValueKind.Number && IsJsonNumber(value));
    }

    private static bool IsCanonicalInteger(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long n, out var used) && used == text.Length
        && (text.Length == 1 || (text[0] != (byte)'0' && text[0] != (byte)'+' && !text.StartsWith("-0"u8) && n != long.MinValue));

    private static bool IsJsonNumber(ReadOnlySpan<byte> text)
    {
        if (IsCanonicalInteger(text)) return true;
        var reader = new Utf8JsonReader(text);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.BytesConsumed == text.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
