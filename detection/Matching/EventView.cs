using System.Text;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>
/// An event as rules look at it: fields by index, values folded once. One a thread, reused for every event; nothing is
/// allocated once its arrays have grown.
/// </summary>
internal sealed class EventView
{
    /// <summary>Folded text kept at once, in bytes; more is folded again when it is asked for.</summary>
    private const int MaxFolded = 16 * 1024 * 1024;

    private ulong[] _heads = [];
    private (int Entry, int Next)[] _links = new (int, int)[64];
    private int _linkCount;
    private (int Offset, int Length, uint Stamp)[] _folds = new (int, int, uint)[64];
    private byte[] _folded = new byte[8192];
    private int _foldedLength;
    private uint _foldStamp;
    private bool _isAscii;
    private uint _stamp;
    private char[] _chars = new char[1024];
    private readonly byte[] _time = new byte[40];
    private int _timeLength;

    public SecurityEvent Event { get; private set; } = null!;

    /// <summary>A test of the rule in hand took too long.</summary>
    public bool Faulted { get; set; }

    /// <summary>What such a test answers.</summary>
    public bool FaultAnswer { get; set; }

    public void Begin(SecurityEvent e, FieldAliases aliases)
    {
        Event = e;
        Faulted = false;
        _linkCount = 0;
        _timeLength = 0;
        if (_heads.Length < aliases.SlotCount) Array.Resize(ref _heads, aliases.SlotCount + 64);
        if (++_stamp == 0)
        {
            Array.Clear(_heads);
            _stamp = 1;
        }
        Fold(e);
        var values = e.Values;
        if (_links.Length < values.Length * 2) Array.Resize(ref _links, (values.Length * 2) + 64);
        var uses = aliases.Uses;
        // From the last to the first, so that a field's values come in their order.
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var id = values[i].FieldId;
            if ((uint)id >= (uint)uses.Length)
            {
                var late = aliases.LateSlot(e.NameAt(i));
                if (late >= 0) Link(late, i);
                continue;
            }
            var use = uses[id];
            if (use == 0) continue;
            if (FieldAliases.Itself(use) is var itself and >= 0) Link(itself, i);
            if (FieldAliases.Other(use) is var other and >= 0) Link(other, i);
        }
    }

    /// <summary>First link of the values in a field's slot, or -1.</summary>
    public int First(int slot)
    {
        var heads = _heads;
        if ((uint)slot >= (uint)heads.Length) return -1;
        var head = heads[slot];
        return (uint)(head >> 32) == _stamp ? (int)(uint)head : -1;
    }

    public int Next(int link) => _links[link].Next;
    public int EntryOf(int link) => _links[link].Entry;

    public ReadOnlySpan<byte> Raw(int entry) => Event.ValueAt(entry);

    public bool IsNull(int entry) => Event.Values[entry].Kind == ValueKind.Null;

    /// <summary>All text of the event folded at once, names and what no rule asks for included, where it is ASCII; else empty.</summary>
    public ReadOnlySpan<byte> FoldedText => _isAscii ? _folded.AsSpan(0, _foldedLength) : default;

    public bool IsAscii => _isAscii;

    public ReadOnlySpan<byte> Folded(int entry)
    {
        if (_isAscii)
        {
            ref readonly var value = ref Event.Values[entry];
            return _folded.AsSpan(value.Offset, value.Length);
        }
        ref var fold = ref _folds[entry];
        if (fold.Stamp != _foldStamp)
        {
            var raw = Event.ValueAt(entry);
            var need = TextFold.MaxLength(raw.Length);
            if (_foldedLength + need > _folded.Length) Grow(need);
            fold = (_foldedLength, TextFold.Fold(raw, _folded.AsSpan(_foldedLength)), _foldStamp);
            _foldedLength += fold.Length;
        }
        return _folded.AsSpan(fold.Offset, fold.Length);
    }

    /// <summary>The value as UTF-16, valid until the next call.</summary>
    public ReadOnlySpan<char> Characters(int entry)
    {
        var raw = Event.ValueAt(entry);
        if (_chars.Length < raw.Length) _chars = new char[raw.Length * 2];
        return _chars.AsSpan(0, Encoding.UTF8.GetChars(raw, _chars));
    }

    /// <summary>The event's time in ISO 8601, UTC.</summary>
    public ReadOnlySpan<byte> Time
    {
        get
        {
            if (_timeLength == 0) Event.Timestamp.UtcDateTime.TryFormat(_time, out _timeLength, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
            return _time.AsSpan(0, _timeLength);
        }
    }

    /// <summary>ASCII keeps its places when it is folded: one pass does for all values. Else each is folded when it is asked for.</summary>
    private void Fold(SecurityEvent e)
    {
        var text = e.Text;
        _foldedLength = 0;
        _isAscii = false;
        if (text.Length <= MaxFolded)
        {
            if (_folded.Length < text.Length) _folded = new byte[Math.Max(_folded.Length * 2, text.Length)];
            _isAscii = Ascii.ToLower(text, _folded, out _foldedLength) == System.Buffers.OperationStatus.Done;
        }
        if (_isAscii) return;
        _foldedLength = 0;
        if (_folds.Length < e.Count) Array.Resize(ref _folds, e.Count + 32);
        if (++_foldStamp != 0) return;
        Array.Clear(_folds);
        _foldStamp = 1;
    }

    private void Link(int slot, int entry)
    {
        ref var head = ref _heads[slot];
        _links[_linkCount] = (entry, (uint)(head >> 32) == _stamp ? (int)(uint)head : -1);
        head = ((ulong)_stamp << 32) | (uint)_linkCount++;
    }

    private void Grow(int need)
    {
        if (_foldedLength + need <= MaxFolded)
        {
            Array.Resize(ref _folded, Math.Max(_folded.Length * 2, _foldedLength + need));
            return;
        }
        // Many long aliases: start over in a fresh buffer, so that spans handed out before stay what they were.
        _folded = new byte[Math.Max(_folded.Length, need)];
        _foldedLength = 0;
        _foldStamp++;
        if (_foldStamp != 0) return;
        Array.Clear(_folds);
        _foldStamp = 1;
    }
}
