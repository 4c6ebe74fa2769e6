using System.Diagnostics.CodeAnalysis;
using Beacon.Collectors.Parsers.Unknown;
using Beacon.Events;

namespace Beacon.Collectors.Parsers;

/// <summary>The parsers by name, and the choice among them for a frame that names none.</summary>
public sealed class ParserCatalog
{
    /// <summary>Format name for recognition frame by frame.</summary>
    public const string Auto = "auto";

    private const int Certain = 90;
    private readonly IEventParser[] _parsers;

    /// <param name="parsers">In the order in which they are asked; the first of the surest wins.</param>
    public ParserCatalog(IEnumerable<IEventParser> parsers) => _parsers = [.. parsers];

    /// <summary>Names that a source may give as its format, "auto" first.</summary>
    public IReadOnlyList<string> Formats => [Auto, .. _parsers.Select(p => p.Name)];

    /// <returns>False where there is no such format; a null parser stands for recognition.</returns>
    public bool TryFind(string format, [NotNullWhen(true)] out IEventParser? parser)
    {
        parser = Array.Find(_parsers, p => p.Name.Equals(format, StringComparison.OrdinalIgnoreCase));
        return parser is not null;
    }

    /// <summary>The parser that recognises the frame most surely, or null.</summary>
    public IEventParser? Recognise(ReadOnlySpan<byte> frame)
    {
        IEventParser? best = null;
        var score = 0;
        foreach (var parser in _parsers)
        {
            var found = parser.Recognise(frame);
            if (found <= score) continue;
            score = found;
            best = parser;
            if (score >= Certain) break;
        }
        return best;
    }

    /// <summary>
    /// Parses with the given parser, or with the one that recognises the frame. Text that none recognises, or that the recognised one
    /// cannot read, is kept as it is; what is not text is refused.
    /// </summary>
    /// <param name="parser">Null for recognition; a parser named by the source must succeed.</param>
    /// <param name="recognised">False where only the text was kept.</param>
    public ParseResult Parse(IEventParser? parser, ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into, out bool recognised)
    {
        recognised = true;
        if (parser is not null) return Categorised(parser.Parse(frame, info, into), into);
        if (frame.IsEmpty) return ParseResult.Fail("the frame is empty");
        var chosen = Recognise(frame);
        if (chosen is not null)
        {
            var (id, sequence, timestamp, received, source) = (into.Id, into.Sequence, into.Timestamp, into.Received, into.Source);
            var result = chosen.Parse(frame, info, into);
            if (result.Succeeded) return Categorised(result, into);
            // JSON that is broken is a fault of its sender; any other text may simply be something else.
            if (chosen is IStructuredParser) return result;
            into.Reset();
            (into.Id, into.Sequence, into.Timestamp, into.Received, into.Source) = (id, sequence, timestamp, received, source);
        }
        recognised = false;
        return UnknownText.Parse(frame, info, into);
    }

    private static ParseResult Categorised(ParseResult result, SecurityEvent into)
    {
        if (result.Succeeded && !into.Has(Field.EventKind)) into.Add(Field.EventKind, "event"u8);
        return result;
    }
}

/// <summary>Marks a format whose frames are recognised by their outer form: if such a frame cannot be read, it is broken.</summary>
internal interface IStructuredParser;
