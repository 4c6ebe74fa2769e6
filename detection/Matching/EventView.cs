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

    private int[] _first = [];
    private uint[] _firstStamp = [];
    private (int Entry, int Next)[] _links = new (int, int)[64];
    private int _linkCount;
    private (int Offset, int Length, uint Stamp)[] _folds = new (int, int, uint)[64];
    private byte[] _folded = new byte[8192];
    private int _foldedLength;
    private uint _foldStamp;
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
        _foldedLength = 0;
        _timeLength = 0;
        if (_first.Length < FieldNames.Count)
        {
            Array.Resize(ref _first, FieldNames.Count + 64);
            Array.Resize(ref _firstStamp, _first.Length);
        }
        _stamp++;
        _foldStamp++;
        if (_stamp == 0 || _foldStamp == 0)
        {
            Array.Clear(_firstStamp);
            Array.Clear(_folds);
            _stamp = _foldStamp = 1;
        }
        var count = e.Count;
        if (_folds.Length < count) Array.Resize(ref _folds, count + 32);
        if (_links.Length < count * 2) Array.Resize(ref _links, (count * 2) + 64);
        // From the last to the first, so that a field's values come in their order.
        for (var i = count - 1; i >= 0; i--)
        {
            var id = e.FieldAt(i).Value;
            if (id < 0) id = aliases.LateId(e.NameAt(i));
            if (id < 0 || id >= _first.Length) continue;
            Link(id, i);
            var alias = aliases.AliasOf(id);
            if (alias >= 0) Link(alias, i);
        }
    }

    /// <summary>First link of a field's values, or -1.</summary>
    public int First(int field) => (uint)field < (uint)_first.Length && _firstStamp[field] == _stamp ? _first[field] : -1;

    public int Next(int link) => _links[link].Next;
    public int EntryOf(int link) => _links[link].Entry;

    public ReadOnlySpan<byte> Raw(int entry) => Event.ValueAt(entry);

    public ReadOnlySpan<byte> Folded(int entry)
    {
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

    private void Link(int field, int entry)
    {
        _links[_linkCount] = (entry, _firstStamp[field] == _stamp ? _first[field] : -1);
        _first[field] = _linkCount++;
        _firstStamp[field] = _stamp;
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
