using System.Text;

namespace Beacon.Detections.Correlation;

/// <summary>
/// The form in which correlations are kept in the state database: chunks that stand for themselves, each a version byte and
/// records. K names a correlation by its state key, G a group of it; E is an entry and M the marks of a group named before.
/// </summary>
internal sealed class CorrelationRecord : ICorrelationLog
{
    private const byte Version = 1;

    private readonly RecordWriter _writer = new();
    private readonly Dictionary<CompiledCorrelation, int> _correlations = [];
    private readonly Dictionary<CorrelationGroup, int> _groups = [];

    public long Length => _writer.Length;

    public void Entered(CompiledCorrelation correlation, CorrelationGroup group, in CorrelationEntry entry)
    {
        var number = Name(correlation, group);
        _writer.Write((byte)'E');
        _writer.WriteCount(number);
        _writer.Write(entry.Time);
        _writer.Write(entry.Order);
        _writer.Write(entry.Id);
        _writer.WriteCount(entry.Rule);
        _writer.Write(entry.Received);
        _writer.Write(entry.Number);
        Write(entry.Values);
        Write(entry.Carried);
        Write(entry.Label);
    }

    public void Marked(CompiledCorrelation correlation, CorrelationGroup group)
    {
        var number = Name(correlation, group);
        _writer.Write((byte)'M');
        _writer.WriteCount(number);
        _writer.WriteCount(group.Raised.Count);
        foreach (var raised in group.Raised) _writer.Write(raised);
        _writer.Write(group.IsArmed);
        _writer.Write(group.ClosedUpTo);
        _writer.Write(group.Newest);
        _writer.Write(group.Received);
    }

    /// <summary>What was recorded since the last time, or null.</summary>
    public byte[]? Take()
    {
        if (_writer.Length == 0) return null;
        var chunk = _writer.Take();
        _correlations.Clear();
        _groups.Clear();
        return chunk;
    }

    /// <summary>Gives the records to the correlations that they belong to; those of others are passed over.</summary>
    /// <exception cref="InvalidDataException">The chunk is damaged, or was written by a newer version.</exception>
    public static void Read(byte[] chunk, IReadOnlyDictionary<string, CorrelationState> states)
    {
        using var reader = new BinaryReader(new MemoryStream(chunk), Encoding.UTF8);
        var correlations = new List<CorrelationState?>();
        var groups = new List<(CorrelationState? State, string[] Values)>();
        try
        {
            if (reader.ReadByte() != Version) throw new InvalidDataException("the state of correlations was written by another version");
            while (reader.BaseStream.Position < chunk.Length)
            {
                switch ((char)reader.ReadByte())
                {
                    case 'K':
                        correlations.Add(states.GetValueOrDefault(reader.ReadString()));
                        break;
                    case 'G':
                        groups.Add((correlations[reader.Read7BitEncodedInt()], ReadTexts(reader)!.Select(static t => t ?? "").ToArray()));
                        break;
                    case 'E':
                        var (state, values) = groups[reader.Read7BitEncodedInt()];
                        var entry = new CorrelationEntry(reader.ReadInt64(), reader.ReadInt64(), new Guid(reader.ReadBytes(16)), reader.Read7BitEncodedInt(), reader.ReadInt64(),
                            reader.ReadDouble(), ReadTexts(reader)?.Select(static t => t ?? "").ToArray(), ReadTexts(reader), ReadText(reader));
                        if (state is not null && (uint)entry.Rule < (uint)state.Correlation.Rule.Rules.Length) state.RestoreEntry(values, entry);
                        break;
                    case 'M':
                        (state, values) = groups[reader.Read7BitEncodedInt()];
                        var raised = new long[Math.Clamp(reader.Read7BitEncodedInt(), 0, 1_000)];
                        for (var i = 0; i < raised.Length; i++) raised[i] = reader.ReadInt64();
                        var (isArmed, closedUpTo, newest, received) = (reader.ReadBoolean(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
                        state?.RestoreMark(values, raised, isArmed, closedUpTo, newest, received);
                        break;
                    default:
                        throw new InvalidDataException("the state of correlations is damaged");
                }
            }
        }
        catch (Exception fault) when (fault is EndOfStreamException or ArgumentException or FormatException)
        {
            throw new InvalidDataException("the state of correlations is damaged", fault);
        }
    }

    private int Name(CompiledCorrelation correlation, CorrelationGroup group)
    {
        if (_groups.TryGetValue(group, out var number)) return number;
        if (_writer.Length == 0) _writer.Write(Version);
        if (!_correlations.TryGetValue(correlation, out var owner))
        {
            _correlations.Add(correlation, owner = _correlations.Count);
            _writer.Write((byte)'K');
            _writer.Write(correlation.StateKey);
        }
        _groups.Add(group, number = _groups.Count);
        _writer.Write((byte)'G');
        _writer.WriteCount(owner);
        Write(group.Values);
        return number;
    }

    private void Write(string?[]? texts)
    {
        _writer.WriteCount(texts is null ? 0 : texts.Length + 1);
        foreach (var text in texts ?? []) Write(text);
    }

    private void Write(string? text)
    {
        _writer.Write(text is not null);
        if (text is not null) _writer.Write(text);
    }

    private static string?[]? ReadTexts(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt() - 1;
        if (count < 0) return null;
        if (count > 1_000) throw new InvalidDataException("the state of correlations is damaged");
        var texts = new string?[count];
        for (var i = 0; i < count; i++) texts[i] = ReadText(reader);
        return texts;
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
