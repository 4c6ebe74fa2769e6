using Beacon.Events;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Beacon.Detections.Sigma.Yaml;

/// <summary>One document of a YAML stream; <see cref="FirstLine"/> and <see cref="LastLine"/> count from 1, both inclusive.</summary>
/// <param name="IsFaulty">Something in it was reported and left out: it must not be taken for what its author meant.</param>
internal sealed record YamlDocument(YamlNode Root, int FirstLine, int LastLine, bool IsFaulty);

/// <summary>
/// Reads YAML 1.2 into small trees with places. What others write has ceilings: characters, documents, depth, and nodes, in
/// which an alias counts as much as what it stands for, so that nested aliases cannot grow.
/// </summary>
internal static class YamlReader
{
    public const int MaxCharacters = 1_000_000;
    public const int MaxDocuments = 1_000;
    public const int MaxDepth = 32;
    public const int MaxNodes = 100_000;
    public const int MaxAnchors = 1_000;

    /// <summary>Every document that could be read; a fault of the syntax ends the stream, and is in <paramref name="faults"/>.</summary>
    public static IReadOnlyList<YamlDocument> Read(string text, FaultList faults)
    {
        if (text.Length > MaxCharacters)
        {
            faults.Error(YamlMark.Start, FaultCodes.TooLarge, $"the file holds {text.Length} characters; at most {MaxCharacters} are read", "split it");
            return [];
        }
        return PlainYaml.TryRead(text) ?? ReadWhole(text, faults);
    }

    /// <summary>Reads any YAML, at the parser's pace.</summary>
    internal static IReadOnlyList<YamlDocument> ReadWhole(string text, FaultList faults)
    {
        var documents = new List<YamlDocument>();
        var state = new State(new Parser(new StringReader(text)), faults);
        try
        {
            state.Parser.Consume<StreamStart>();
            while (!state.Parser.Accept<StreamEnd>(out _))
            {
                var start = state.Parser.Consume<DocumentStart>();
                if (documents.Count == MaxDocuments) throw State.Refuse(start, $"more than {MaxDocuments} documents");
                state.Anchors.Clear();
                var before = faults.Errors;
                var root = ReadNode(state, 0);
                var end = state.Parser.Consume<DocumentEnd>();
                documents.Add(new YamlDocument(root, (int)start.Start.Line, Math.Max((int)start.Start.Line, (int)end.Start.Line), faults.Errors > before));
            }
        }
        catch (RefusedException refused)
        {
            faults.Error(refused.At, FaultCodes.TooLarge, refused.Said);
        }
        catch (YamlException fault)
        {
            faults.Error(Place(fault.Start), FaultCodes.Yaml, $"not YAML: {Shorten(fault.InnerException?.Message ?? fault.Message)}");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The parser's own slips on text that is no YAML.
            faults.Error(Place(state.Parser.Current?.Start ?? Mark.Empty), FaultCodes.Yaml, $"not YAML: {Shorten(fault.Message)}");
        }
        return documents;
    }

    private static YamlNode ReadNode(State state, int depth)
    {
        var current = state.Parser.Current ?? throw State.Refuse(null, "the document ends too early");
        if (depth > MaxDepth) throw State.Refuse(current, $"nested deeper than {MaxDepth}");
        YamlNode node;
        var anchor = AnchorName.Empty;
        switch (current)
        {
            case AnchorAlias alias:
                state.Parser.MoveNext();
                if (!state.Anchors.TryGetValue(alias.Value.Value, out var target))
                    throw State.Refuse(alias, $"the alias *{Shorten(alias.Value.Value)} stands for nothing before it");
                state.Take(alias, target.Size);
                return target;
            case Scalar scalar:
                state.Parser.MoveNext();
                state.Take(scalar, 1);
                anchor = scalar.Anchor;
                node = new YamlScalar(Place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty);
                break;
            case SequenceStart sequence:
                state.Parser.MoveNext();
                state.Take(sequence, 1);
                anchor = sequence.Anchor;
                var list = new YamlList(Place(sequence.Start));
                while (!state.Parser.TryConsume<SequenceEnd>(out _)) list.Add(ReadNode(state, depth + 1));
                node = list;
                break;
            case MappingStart mapping:
                state.Parser.MoveNext();
                state.Take(mapping, 1);
                anchor = mapping.Anchor;
                node = ReadMap(state, mapping, depth);
                break;
            default:
                throw State.Refuse(current, "unexpected YAML");
        }
        if (!anchor.IsEmpty)
        {
            if (state.Anchors.Count >= MaxAnchors) throw State.Refuse(current, $"more than {MaxAnchors} anchors");
            state.Anchors[anchor.Value] = node;
        }
        return node;
    }

    private static YamlMap ReadMap(State state, MappingStart start, int depth)
    {
        var map = new YamlMap(Place(start.Start));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!state.Parser.TryConsume<MappingEnd>(out _))
        {
            var at = state.Parser.Current;
            if (ReadNode(state, depth + 1) is not YamlScalar key) throw State.Refuse(at, "a key must be text");
            var value = ReadNode(state, depth + 1);
            if (key.Text == "<<")
                state.Faults.Error(key.Mark, FaultCodes.Yaml, "merge keys (<<) are not part of YAML 1.2", "write the entries out");
            else if (!seen.Add(key.Text))
                state.Faults.Error(key.Mark, FaultCodes.Duplicate, $"the key '{Shorten(key.Text)}' stands twice in this map", "join the two, or name the second otherwise");
            else map.Add(key, value);
        }
        return map;
    }

    internal static string Shorten(string text) => text.Length <= 120 ? text : text[..120] + "…";

    private static YamlMark Place(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private sealed class State(Parser parser, FaultList faults)
    {
        private int _nodes;

        public Parser Parser { get; } = parser;
        public FaultList Faults { get; } = faults;
        public Dictionary<string, YamlNode> Anchors { get; } = new(StringComparer.Ordinal);

        public void Take(ParsingEvent at, int nodes)
        {
            if ((_nodes += nodes) > MaxNodes) throw Refuse(at, $"more than {MaxNodes} nodes, aliases counted where they are used");
        }

        public static RefusedException Refuse(ParsingEvent? at, Phrase message) => new(at is null ? YamlMark.Start : Place(at.Start), message);
    }

    /// <summary>Leaves the recursion; never leaves this class.</summary>
    private sealed class RefusedException(YamlMark at, Phrase message) : Exception
    {
        public YamlMark At => at;
        public Phrase Said => message;
    }
}
