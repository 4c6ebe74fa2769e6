using System.Buffers.Binary;
using System.Text;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>A chunk's 64 KiB with the plans of its templates: turns records into events. Reused from chunk to chunk; not thread-safe.</summary>
internal sealed class EvtxChunk
{
    public const int Size = 65_536;
    private const int MaxNesting = 8;
    private const int MaxSubstitutions = 8_192;

    private readonly Dictionary<(int Offset, EvtxContext Context), EvtxPlan> _plans = [];
    private readonly byte[] _bytes = new byte[Size];
    private int _names;

    public byte[] Buffer => _bytes;
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Forgets the plans of the chunk before.</summary>
    public void Begin() => _plans.Clear();

    /// <summary>Adds the values of the binary XML between two places of the chunk.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public Phrase? Read(int start, int end, SecurityEvent e)
    {
        // A rule loaded meanwhile may have declared names that the plans still hold as unknown.
        if (_names != FieldNames.Count)
        {
            _names = FieldNames.Count;
            _plans.Clear();
        }
        return Fragment(start, end, EvtxContext.Document, e, 0, dependencies: true);
    }

    private Phrase? Fragment(int start, int end, EvtxContext context, SecurityEvent e, int nesting, bool dependencies)
    {
        if (nesting > MaxNesting) return "fragments are nested too deeply";
        var cursor = new ChunkCursor(_bytes, start, end);
        while (!cursor.AtEnd)
        {
            switch (cursor.Peek())
            {
                case TemplateCompiler.Token.EndOfStream:
                    return null;
                case TemplateCompiler.Token.FragmentHeader:
                    cursor.Take(4);
                    break;
                case TemplateCompiler.Token.TemplateInstance:
                    if (Instance(ref cursor, context, e, nesting) is { } fault) return fault;
                    break;
                case var token when (token & 0x3F) == TemplateCompiler.Token.Open:
                    // Markup without a template: it is its own plan, used once.
                    var compiler = new TemplateCompiler(_bytes, cursor.Position, end);
                    var plan = compiler.Compile(context, dependencies);
                    if (plan.Fault is not null) return plan.Fault;
                    cursor.Position = compiler.Position;
                    if (Fill(plan, default, default, 0, e, nesting) is { } bad) return bad;
                    break;
                default:
                    return "unknown markup";
            }
        }
        return cursor.Failed ? (Phrase)"the record ends early" : null;
    }

    private Phrase? Instance(ref ChunkCursor cursor, EvtxContext context, SecurityEvent e, int nesting)
    {
        cursor.Take(6);
        var definition = (int)Math.Min(cursor.UInt32(), int.MaxValue);
        if (cursor.Failed || definition < 512 || definition > Size - 24) return "a template lies outside the chunk";
        var size = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(definition + 20));
        if (size > Size - 24 - definition) return "a template is longer than the chunk";
        if (definition == cursor.Position) cursor.Take(24 + (int)size);
        if (!_plans.TryGetValue((definition, context), out var plan))
        {
            plan = new TemplateCompiler(_bytes, definition + 24, definition + 24 + (int)size).Compile(context, dependencies: true);
            _plans[(definition, context)] = plan;
        }
        var count = cursor.UInt32();
        if (cursor.Failed || count > MaxSubstitutions) return "the number of substitutions makes no sense";
        var descriptors = cursor.Take((int)count * 4);
        if (cursor.Failed) return "the record ends early";
        if (plan.Fault is not null) return plan.Fault;

        Span<int> offsets = count <= 256 ? stackalloc int[(int)count] : new int[count];
        var at = cursor.Position;
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = at;
            at += BinaryPrimitives.ReadUInt16LittleEndian(descriptors[(i * 4)..]);
        }
        if (at > cursor.End) return "the record's values are longer than the record";
        cursor.Position = at;
        return Fill(plan, descriptors, offsets, (int)count, e, nesting);
    }

    private Phrase? Fill(EvtxPlan plan, ReadOnlySpan<byte> descriptors, ReadOnlySpan<int> offsets, int count, SecurityEvent e, int nesting)
    {
        foreach (var slot in plan.Slots)
        {
            if (slot.Pieces is [{ Substitution: >= 0 } piece] && slot.NamePieces is null)
            {
                if (piece.Substitution >= count)
                {
                    if (slot.Role == EvtxRole.Data) AddEmpty(slot, slot.Name, e);
                    continue;
                }
                var size = BinaryPrimitives.ReadUInt16LittleEndian(descriptors[(piece.Substitution * 4)..]);
                var type = descriptors[piece.Substitution * 4 + 2];
                if (type == EvtxValue.Fragment)
                {
                    if (size > 0 && Fragment(offsets[piece.Substitution], offsets[piece.Substitution] + size, slot.Context, e, nesting + 1, dependencies: false) is { } fault) return fault;
                    continue;
                }
                if (slot.Role != EvtxRole.Fragment) Put(slot, type, _bytes.AsSpan(offsets[piece.Substitution], size), e);
            }
            else PutPieces(slot, descriptors, offsets, count, e);
        }
        return null;
    }

    private static void Put(EvtxSlot slot, byte type, ReadOnlySpan<byte> value, SecurityEvent e)
    {
        if (type == EvtxValue.Null || value.IsEmpty)
        {
            if (slot.Role == EvtxRole.Data) AddEmpty(slot, slot.Name, e);
            return;
        }
        if (slot.Role == EvtxRole.Time && EvtxValue.TryTime(type, value, out var time)) e.Timestamp = time;
        EvtxValue.Add(e, slot.Field, slot.Name, type, value);
    }

    private void PutPieces(EvtxSlot slot, ReadOnlySpan<byte> descriptors, ReadOnlySpan<int> offsets, int count, SecurityEvent e)
    {
        if (slot.Role == EvtxRole.Fragment) return;
        var (field, name) = (slot.Field, slot.Name);
        if (slot.NamePieces is not null)
        {
            name = Encoding.UTF8.GetBytes("winlog.event_data." + Join(slot.NamePieces, descriptors, offsets, count));
            FieldNames.TryFind(name, out field);
        }
        if (slot.Pieces is [{ Substitution: >= 0 } piece] && piece.Substitution < count)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(descriptors[(piece.Substitution * 4)..]);
            Put(slot with { Field = field, Name = name }, descriptors[piece.Substitution * 4 + 2], _bytes.AsSpan(offsets[piece.Substitution], size), e);
            return;
        }
        var text = Join(slot.Pieces, descriptors, offsets, count);
        if (text.Length == 0)
        {
            if (slot.Role == EvtxRole.Data) AddEmpty(slot with { Field = field }, name, e);
            return;
        }
        if (slot.Role == EvtxRole.Time && Timestamps.TryIso(Encoding.UTF8.GetBytes(text), TimeZoneInfo.Utc, out var time, out _)) e.Timestamp = time;
        if (slot.Role == EvtxRole.System && long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) e.Add(field, number);
        else e.Add(field, name, text.AsSpan());
    }

    private static void AddEmpty(EvtxSlot slot, byte[]? name, SecurityEvent e) => e.Add(slot.Field, name, ReadOnlySpan<char>.Empty);

    private string Join(EvtxPiece[] pieces, ReadOnlySpan<byte> descriptors, ReadOnlySpan<int> offsets, int count)
    {
        if (pieces is [{ Literal: { } only }]) return only;
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            if (piece.Literal is not null) text.Append(piece.Literal);
            else if (piece.Substitution < count)
            {
                var size = BinaryPrimitives.ReadUInt16LittleEndian(descriptors[(piece.Substitution * 4)..]);
                var type = descriptors[piece.Substitution * 4 + 2];
                if (type != EvtxValue.Fragment && size > 0) text.Append(EvtxValue.ToText(type, _bytes.AsSpan(offsets[piece.Substitution], size)));
            }
        }
        return text.ToString();
    }
}
