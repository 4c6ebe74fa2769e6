using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Beacon.Events;

/// <summary>
/// A normalised record: ECS fields over one buffer of UTF-8 text. A field's name is an index where it is declared, its value a
/// slice of the buffer, so that parsing, matching and storing allocate nothing per field. A field with several values (an ECS
/// array) stands once per value, in order. Names are dotted paths ("process.parent.name"). Not thread-safe while it is written.
/// </summary>
public sealed class SecurityEvent
{
    /// <summary>Values kept per event; what exceeds it is counted in <see cref="Omitted"/>.</summary>
    public const int MaxFields = 2_048;

    /// <summary>Bytes of text kept per event, names of undeclared fields included.</summary>
    public const int MaxTextBytes = 4 * 1024 * 1024;

    private byte[] _text;
    private EventValue[] _entries;
    private int _length;
    private int _count;
    private EventValue _open;

    public SecurityEvent() : this(1024, 32) { }

    /// <param name="textBytes">First size of the text buffer, in bytes; it grows to <see cref="MaxTextBytes"/>.</param>
    public SecurityEvent(int textBytes, int fields)
    {
        _text = new byte[textBytes];
        _entries = new EventValue[fields];
    }

    public SecurityEventId Id { get; set; }

    /// <summary>Place of its frame in the spool, from 1; 0 for an event that did not pass one.</summary>
    public long Sequence { get; set; }

    /// <summary>When it happened, UTC; the time of receipt where the frame had none.</summary>
    public DateTimeOffset Timestamp { get; set; }

    /// <summary>When the receiver cut its frame, UTC.</summary>
    public DateTimeOffset Received { get; set; }

    /// <summary>Id of the configured input it came from.</summary>
    public string Source { get; set; } = "";

    /// <summary>Number of values left out because a ceiling was reached.</summary>
    public int Omitted { get; private set; }

    /// <summary>Number of values.</summary>
    public int Count => _count;

    /// <summary>Empties the event for its next frame; buffers are kept.</summary>
    public void Reset()
    {
        _length = 0;
        _count = 0;
        Omitted = 0;
        Id = default;
        Sequence = 0;
        Timestamp = default;
        Received = default;
        Source = "";
    }

    public FieldId FieldAt(int index) => new(Get(index).FieldId);
    public ValueKind KindAt(int index) => Get(index).Kind;
    public ReadOnlySpan<byte> ValueAt(int index)
    {
        ref readonly var e = ref Get(index);
        return _text.AsSpan(e.Offset, e.Length);
    }

    public ReadOnlySpan<byte> NameAt(int index)
    {
        ref readonly var e = ref Get(index);
        return e.FieldId >= 0 ? FieldNames.Utf8NameOf(new FieldId(e.FieldId)) : _text.AsSpan(e.NameOffset, e.NameLength);
    }

    /// <summary>All values in order, for code that walks every one. Valid until the event changes.</summary>
    public ReadOnlySpan<EventValue> Values => _entries.AsSpan(0, _count);

    /// <summary>The buffer that <see cref="Values"/> points into: all values, and the names that have no index. Valid until the event changes.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>The text of one of <see cref="Values"/>.</summary>
    public ReadOnlySpan<byte> TextOf(in EventValue value) => _text.AsSpan(value.Offset, value.Length);

    public string TextAt(int index) => Encoding.UTF8.GetString(ValueAt(index));

    /// <summary>Index of the field's first value at or after <paramref name="from"/>, or -1.</summary>
    public int IndexOf(FieldId field, int from = 0)
    {
        if (!field.IsKnown) return -1;
        for (var i = from; i < _count; i++) if (_entries[i].FieldId == field.Value) return i;
        return -1;
    }

    /// <summary>Index of the first value of a field by name, declared or not, or -1.</summary>
    public int IndexOf(string name, int from = 0)
    {
        if (FieldNames.TryFind(name, out var id))
        {
            var known = IndexOf(id, from);
            if (known >= 0) return known;
        }
        // Interned after this event was read, or never: its name stands in the buffer.
        Span<byte> utf8 = stackalloc byte[FieldNames.MaxNameLength];
        if (!Encoding.UTF8.TryGetBytes(name, utf8, out var n)) return -1;
        for (var i = from; i < _count; i++)
            if (_entries[i].FieldId < 0 && NameAt(i).SequenceEqual(utf8[..n])) return i;
        return -1;
    }

    public bool Has(FieldId field) => IndexOf(field) >= 0;

    public bool TryGet(FieldId field, out ReadOnlySpan<byte> value)
    {
        var i = IndexOf(field);
        value = i < 0 ? default : ValueAt(i);
        return i >= 0;
    }

    /// <summary>The field's first value as a string, or null.</summary>
    public string? GetText(FieldId field)
    {
        var i = IndexOf(field);
        return i < 0 || KindAt(i) == ValueKind.Null ? null : TextAt(i);
    }

    public string? GetText(string name)
    {
        var i = IndexOf(name);
        return i < 0 || KindAt(i) == ValueKind.Null ? null : TextAt(i);
    }

    public bool TryGetInteger(FieldId field, out long value)
    {
        value = 0;
        return TryGet(field, out var text) && Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>Adds a value. Invalid UTF-8 is replaced by U+FFFD; embedded NULs are kept.</summary>
    /// <returns>False where a ceiling was reached and the value left out.</returns>
    public bool Add(FieldId field, ReadOnlySpan<byte> utf8, ValueKind kind = ValueKind.Text)
    {
        if (!Utf8.IsValid(utf8)) return Add(field, Encoding.UTF8.GetString(utf8), kind);
        if (!Reserve(utf8.Length)) return false;
        utf8.CopyTo(_text.AsSpan(_length));
        _entries[_count++] = new EventValue(field.Value, 0, 0, _length, utf8.Length, kind);
        _length += utf8.Length;
        return true;
    }

    public bool Add(FieldId field, [NotNullWhen(true)] string? text, ValueKind kind = ValueKind.Text)
    {
        if (text is null) return false;
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (!Reserve(bytes)) return false;
        Encoding.UTF8.GetBytes(text, _text.AsSpan(_length));
        _entries[_count++] = new EventValue(field.Value, 0, 0, _length, bytes, kind);
        _length += bytes;
        return true;
    }

    /// <summary>Adds UTF-16 text under a declared field, or under a name where the field is <see cref="FieldId.None"/>. A lone surrogate becomes U+FFFD.</summary>
    public bool Add(FieldId field, ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        if (field.IsKnown) name = default;
        else if (name.Length > FieldNames.MaxNameLength)
        {
            Omitted++;
            return false;
        }
        // Three bytes a unit is the most that UTF-8 takes; long text is measured, so that the ceiling stays exact.
        var most = text.Length <= 1024 ? text.Length * 3 : Encoding.UTF8.GetByteCount(text);
        if (!Reserve(name.Length + most)) return false;
        name.CopyTo(_text.AsSpan(_length));
        var start = _length + name.Length;
        Utf8.FromUtf16(text, _text.AsSpan(start), out _, out var written, replaceInvalidSequences: true);
        _entries[_count++] = new EventValue(field.Value, _length, (ushort)name.Length, start, written, ValueKind.Text);
        _length = start + written;
        return true;
    }

    public bool Add(FieldId field, long number)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, text, out var n);
        return Add(field, text[..n], ValueKind.Number);
    }

    public bool Add(FieldId field, bool value) => Add(field, value ? "true"u8 : "false"u8, ValueKind.Boolean);

    /// <summary>Adds a value under a name that may be undeclared. A name longer than <see cref="FieldNames.MaxNameLength"/> is left out and counted.</summary>
    public bool Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8, ValueKind kind = ValueKind.Text)
    {
        if (FieldNames.TryFind(name, out var id)) return Add(id, utf8, kind);
        if (name.Length > FieldNames.MaxNameLength)
        {
            Omitted++;
            return false;
        }
        if (!Utf8.IsValid(name)) name = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(name));
        if (!Utf8.IsValid(utf8)) utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8));
        if (!Reserve(name.Length + utf8.Length)) return false;
        name.CopyTo(_text.AsSpan(_length));
        utf8.CopyTo(_text.AsSpan(_length + name.Length));
        _entries[_count++] = new EventValue(-1, _length, (ushort)name.Length, _length + name.Length, utf8.Length, kind);
        _length += name.Length + utf8.Length;
        return true;
    }

    public bool Add(string name, string? text, ValueKind kind = ValueKind.Text) =>
        text is not null && Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(text), kind);

    /// <summary>Gives a second field the value of an entry, without copying it.</summary>
    public bool AddAlias(FieldId field, int index)
    {
        var e = Get(index);
        if (!Reserve(0)) return false;
        _entries[_count++] = new EventValue(field.Value, 0, 0, e.Offset, e.Length, e.Kind);
        return true;
    }

    /// <summary>Gives a second field a part of an entry's value, without copying it.</summary>
    public bool AddSlice(FieldId field, int index, int start, int length)
    {
        var e = Get(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)e.Length, nameof(length));
        if (!Reserve(0)) return false;
        _entries[_count++] = new EventValue(field.Value, 0, 0, e.Offset + start, length, ValueKind.Text);
        return true;
    }

    /// <summary>Gives an entry another field; its value stays where it is.</summary>
    public void Rename(int index, FieldId field)
    {
        var e = Get(index);
        _entries[index] = e with { FieldId = field.Value, NameOffset = 0, NameLength = 0 };
    }

    /// <summary>Adds the value only where the field has none yet.</summary>
    public bool TryAdd(FieldId field, string? text) => text is not null && !Has(field) && Add(field, text);

    /// <summary>Removes every value of the field.</summary>
    public void Remove(FieldId field)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++) if (_entries[i].FieldId != field.Value) _entries[kept++] = _entries[i];
        _count = kept;
    }

    /// <summary>A copy that shares nothing with this event.</summary>
    public SecurityEvent Clone()
    {
        var copy = new SecurityEvent(Math.Max(_length, 1), Math.Max(_count, 1))
        {
            Id = Id, Sequence = Sequence, Timestamp = Timestamp, Received = Received, Source = Source, Omitted = Omitted,
            _length = _length, _count = _count,
        };
        _text.AsSpan(0, _length).CopyTo(copy._text);
        _entries.AsSpan(0, _count).CopyTo(copy._entries);
        return copy;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Timestamp:O} {Source} {_count} values");

    /// <summary>Adds a value that is known to be UTF-8, as its name is.</summary>
    internal bool AddValid(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8, ValueKind kind)
    {
        if (!TryOpen(name, utf8.Length, out var target)) return false;
        utf8.CopyTo(target);
        Close(utf8.Length, kind);
        return true;
    }

    /// <summary>Room for a value that its writer fills; <see cref="Close"/> makes it one. Both name and value must be UTF-8.</summary>
    /// <returns>False where a ceiling was reached.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> name, int bytes, out Span<byte> target)
    {
        target = default;
        var known = FieldNames.TryFind(name, out var id);
        if (known) name = default;
        else if (name.Length > FieldNames.MaxNameLength) return false;
        if (!Reserve(name.Length + bytes)) return false;
        name.CopyTo(_text.AsSpan(_length));
        _open = new EventValue(id.Value, known ? 0 : _length, (ushort)name.Length, _length + name.Length, 0, ValueKind.Text);
        target = _text.AsSpan(_open.Offset, bytes);
        return true;
    }

    internal void Close(int written, ValueKind kind = ValueKind.Text)
    {
        _entries[_count++] = _open with { Length = written, Kind = kind };
        _length = _open.Offset + written;
    }

    /// <summary>Where the event stands, to come back to.</summary>
    internal (int Count, int Length, int Omitted) Mark => (_count, _length, Omitted);

    internal void Return((int Count, int Length, int Omitted) mark) => (_count, _length, Omitted) = mark;

    private ref readonly EventValue Get(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return ref _entries[index];
    }

    private bool Reserve(int bytes)
    {
        if (_count >= MaxFields || (long)_length + bytes > MaxTextBytes)
        {
            Omitted++;
            return false;
        }
        if (_count == _entries.Length) Array.Resize(ref _entries, Math.Min(MaxFields, Math.Max(8, _count * 2)));
        if (_length + bytes > _text.Length)
            Array.Resize(ref _text, (int)Math.Min(MaxTextBytes, Math.Max((long)_text.Length * 2, _length + bytes)));
        return true;
    }
}
