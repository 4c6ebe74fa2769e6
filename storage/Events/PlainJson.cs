using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Beacon.Events;

/// <summary>
/// Reads the JSON that machines write (RFC 8259): one pass, values copied straight into the event. It gives up, without a reason, on
/// anything unusual: text that is no JSON, escapes in names, deep nesting, ceilings; <see cref="JsonFields"/> then reads it the
/// thorough way and says what is wrong.
/// </summary>
internal ref struct PlainJson(ReadOnlySpan<byte> json, SecurityEvent into, Span<byte> path)
{
    /// <summary>Deepest nesting read here.</summary>
    private const int MaxDepth = 24;

    /// <summary>What ends a run of plain characters in a string: its end, an escape, and what must be escaped (section 7).</summary>
    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly SecurityEvent _into = into;
    private readonly Span<byte> _path = path;
    private int _at;

    /// <param name="prefix">Bytes of the path that stand before each name.</param>
    /// <returns>False where the text is left to the thorough reader; the event then holds a part of it.</returns>
    public bool TryRead(int prefix)
    {
        if (!System.Text.Unicode.Utf8.IsValid(_json)) return false;
        if (Next() != '{' || !TryObject(prefix, 0)) return false;
        return Next() == 0 && _at >= _json.Length;
    }

    /// <summary>The next byte that is no white space, which is taken; 0 at the end.</summary>
    private byte Next()
    {
        var json = _json;
        while ((uint)_at < (uint)json.Length)
        {
            var b = json[_at++];
            if (b > ' ') return b;
            if (b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return 1;
        }
        return 0;
    }

    private bool TryObject(int length, int depth)
    {
        if (depth > MaxDepth) return false;
        var b = Next();
        if (b == '}') return true;
        while (true)
        {
            if (b != '"') return false;
            var size = _json[_at..].IndexOfAny(Special);
            if (size < 0 || _json[_at + size] != '"' || length + size >= FieldNames.MaxNameLength) return false;
            _json.Slice(_at, size).CopyTo(_path[length..]);
            _at += size + 1;
            if (Next() != ':' || !TryValue(length + size, depth)) return false;
            b = Next();
            if (b == '}') return true;
            if (b != ',') return false;
            b = Next();
        }
    }

    private bool TryArray(int length, int depth)
    {
        if (depth > MaxDepth) return false;
        if (Next() == ']') return true;
        _at--;
        while (true)
        {
            if (!TryValue(length, depth)) return false;
            var b = Next();
            if (b == ']') return true;
            if (b != ',') return false;
        }
    }

    private bool TryValue(int length, int depth)
    {
        switch (Next())
        {
            case (byte)'"':
                var size = _json[_at..].IndexOfAny(Special);
                if (size < 0) return false;
                if (_json[_at + size] != '"') return TryEscaped(length, size);
                var text = _json.Slice(_at, size);
                _at += size + 1;
                return _into.AddValid(_path[..length], text, ValueKind.Text);
            case (byte)'{':
                _path[length] = (byte)'.';
                return TryObject(length + 1, depth + 1);
            case (byte)'[': return TryArray(length, depth + 1);
            case (byte)'t': return TryWord("true"u8, length, ValueKind.Boolean, isNull: false);
            case (byte)'f': return TryWord("false"u8, length, ValueKind.Boolean, isNull: false);
            case (byte)'n': return TryWord("null"u8, length, ValueKind.Null, isNull: true);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                _at--;
                return TryNumber(length);
            default: return false;
        }
    }

    private bool TryWord(ReadOnlySpan<byte> word, int length, ValueKind kind, bool isNull)
    {
        if (!_json[(_at - 1)..].StartsWith(word)) return false;
        _at += word.Length - 1;
        return _into.AddValid(_path[..length], isNull ? default : word, kind);
    }

    /// <summary>Section 6: no leading zeros, digits on both sides of a point, digits in an exponent.</summary>
    private bool TryNumber(int length)
    {
        var from = _at;
        if (Peek() == '-') _at++;
        var first = Peek();
        var digits = Digits();
        if (digits == 0 || (digits > 1 && first == '0')) return false;
        if (Peek() == '.')
        {
            _at++;
            if (Digits() == 0) return false;
        }
        if (Peek() is (byte)'e' or (byte)'E')
        {
            _at++;
            if (Peek() is (byte)'+' or (byte)'-') _at++;
            if (Digits() == 0) return false;
        }
        return _into.AddValid(_path[..length], _json[from.._at], ValueKind.Number);
    }

    private readonly byte Peek() => _at < _json.Length ? _json[_at] : (byte)0;

    private int Digits()
    {
        var from = _at;
        while (_at < _json.Length && (uint)(_json[_at] - '0') <= 9) _at++;
        return _at - from;
    }

    /// <summary>A string with escapes, unescaped into the event's own buffer.</summary>
    private bool TryEscaped(int length, int plain)
    {
        // No escape is shorter than what it stands for.
        var end = EndOfString(plain);
        if (end < 0) return false;
        var raw = _json[_at..end];
        if (!_into.TryOpen(_path[..length], raw.Length, out var target)) return false;
        var written = 0;
        while (true)
        {
            raw[..plain].CopyTo(target[written..]);
            written += plain;
            raw = raw[plain..];
            if (raw.IsEmpty) break;
            if (raw.Length < 2) return false;
            var used = 2;
            switch (raw[1])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/': target[written++] = raw[1]; break;
                case (byte)'n': target[written++] = (byte)'\n'; break;
                case (byte)'r': target[written++] = (byte)'\r'; break;
                case (byte)'t': target[written++] = (byte)'\t'; break;
                case (byte)'b': target[written++] = (byte)'\b'; break;
                case (byte)'f': target[written++] = (byte)'\f'; break;
                case (byte)'u' when TryRune(raw, out var rune, out used): written += rune.EncodeToUtf8(target[written..]); break;
                default: return false;
            }
            raw = raw[used..];
            plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
        }
        _into.Close(written);
        _at = end + 1;
        return true;
    }

    /// <summary>Place of the quote that ends the string, or -1; what must be escaped and is not ends it too.</summary>
    private readonly int EndOfString(int plain)
    {
        var at = _at + plain;
        while (at < _json.Length && _json[at] == '\\')
        {
            at += 2;
            if (at >= _json.Length) return -1;
            var next = _json[at..].IndexOfAny(Special);
            if (next < 0) return -1;
            at += next;
        }
        return at < _json.Length && _json[at] == '"' ? at : -1;
    }

    private static bool TryRune(ReadOnlySpan<byte> raw, out Rune rune, out int used)
    {
        used = 6;
        rune = default;
        if (!TryUnit(raw, out var unit)) return false;
        if (!char.IsSurrogate(unit)) return Rune.TryCreate(unit, out rune);
        used = 12;
        return raw.Length >= 12 && raw[6] == '\\' && raw[7] == 'u' && TryUnit(raw[6..], out var second) && Rune.TryCreate(unit, second, out rune);
    }

    private static bool TryUnit(ReadOnlySpan<byte> raw, out char unit)
    {
        unit = default;
        Span<byte> bytes = stackalloc byte[2];
        if (raw.Length < 6 || Convert.FromHexString(raw.Slice(2, 4), bytes, out _, out _) != OperationStatus.Done) return false;
        unit = (char)BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return true;
    }
}
