namespace Beacon.Collectors.Files;

internal enum EventBlockKind
{
    /// <summary>Nothing but faults.</summary>
    Empty,
    Lines,
    /// <summary>JSON objects of a document that spans lines.</summary>
    Objects,
    /// <summary>Whole chunks of an event log.</summary>
    EvtxChunks,
}

/// <summary>
/// A piece of a log that is read by itself, so that several threads may read one file: whole lines, objects, or chunks. It is filled
/// again and again; one thread at a time has it.
/// </summary>
public sealed class EventBlock
{
    /// <summary>Bytes of a block, but for one that holds a longer line.</summary>
    internal const int Size = 256 * 1024;

    private static readonly EventFile Nothing = new("", default);

    /// <summary>The log it is of.</summary>
    public EventFile File { get; internal set; } = Nothing;

    /// <summary>What could not be read before it.</summary>
    public IReadOnlyList<EventFileFault> Faults => FaultList;

    /// <summary>Bytes of the log that it holds.</summary>
    public int Bytes { get; internal set; }

    internal EventBlockKind Kind { get; set; }
    internal byte[] Buffer { get; set; } = new byte[Size];

    /// <summary>Of lines and objects the number of the first, of chunks the place in the file.</summary>
    internal long First { get; set; }

    /// <summary>The document that the objects stand in, and their places.</summary>
    internal ReadOnlyMemory<byte> Document { get; set; }

    internal List<Range> Objects { get; } = [];
    internal List<EventFileFault> FaultList { get; } = [];

    internal void Clear()
    {
        File = Nothing;
        FaultList.Clear();
        Objects.Clear();
        Document = default;
        Kind = EventBlockKind.Empty;
        Bytes = 0;
        First = 0;
        // One long line is not remembered for ever.
        if (Buffer.Length > Size * 4) Buffer = new byte[Size];
    }
}
