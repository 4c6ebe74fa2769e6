using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>The names of fields as they stand in terms within JSON strings, their "=" behind them; those of declared names are worked out once.</summary>
internal static class FieldTermJson
{
    private static byte[][] _known = [];

    /// <summary>The name with another separator behind it.</summary>
    public static void Name(ReadOnlySpan<byte> name, byte separator, ByteBuffer output)
    {
        using var escaped = new ByteBuffer(1024);
        FieldTerm.WriteName(name, escaped);
        JsonBytes.Escaped(output, escaped.WrittenSpan);
        output.Add(separator);
    }

    /// <summary>The name of one of the event's values.</summary>
    public static void Name(SecurityEvent e, int index, ByteBuffer output)
    {
        var id = e.FieldAt(index);
        if (!id.IsKnown)
        {
            Name(e.NameAt(index), FieldTerm.Value, output);
            return;
        }
        var known = Volatile.Read(ref _known);
        if (id.Value >= known.Length || known[id.Value] is null) known = Learn(id);
        output.Add(known[id.Value]);
    }

    // Only grows, to FieldNames.Capacity entries; a lost race is worked out again.
    private static byte[][] Learn(FieldId id)
    {
        var known = _known;
        if (id.Value >= known.Length) Array.Resize(ref known, Math.Max(FieldNames.Count, id.Value + 1));
        using var term = new ByteBuffer(1024);
        Name(FieldNames.Utf8NameOf(id), FieldTerm.Value, term);
        known[id.Value] = term.WrittenSpan.ToArray();
        Volatile.Write(ref _known, known);
        return known;
    }
}
