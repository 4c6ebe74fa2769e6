using System.Text;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Matching;

/// <summary>A pattern against a value. The common shapes are one vectorised operation; the rest is matched segment by segment.</summary>
internal sealed class TextTest : ValueTest
{
    private enum Shape
    {
        Anything,
        Equal,
        Start,
        End,
        Inside,
        Segments,
    }

    private readonly Shape _shape;
    private readonly byte[] _text = [];
    private readonly WildcardMatcher? _segments;
    private readonly bool _cased;

    private TextTest(SigmaPattern pattern, bool cased)
    {
        _cased = cased;
        var parts = pattern.Parts;
        var literals = parts.Count(static p => p.Kind == PatternPartKind.Literal);
        if (parts.Length == 1 && parts[0].Kind == PatternPartKind.Any)
        {
            _shape = Shape.Anything;
            return;
        }
        if (literals > 1 || parts.Any(static p => p.Kind == PatternPartKind.One))
        {
            _shape = Shape.Segments;
            _segments = new WildcardMatcher(pattern, cased);
        }
        else
        {
            var before = parts.Length > 0 && parts[0].Kind == PatternPartKind.Any;
            var after = parts.Length > 1 && parts[^1].Kind == PatternPartKind.Any;
            _shape = (before, after) switch
            {
                (true, true) => Shape.Inside,
                (true, false) => Shape.End,
                (false, true) => Shape.Start,
                _ => Shape.Equal,
            };
        }
        var longest = parts.Where(static p => p.Kind == PatternPartKind.Literal).Select(static p => p.Text).MaxBy(Encoding.UTF8.GetByteCount) ?? "";
        _text = cased ? Encoding.UTF8.GetBytes(longest) : TextFold.Fold(longest);
        var folded = TextFold.Fold(longest);
        if (folded.Length > 0 || _shape == Shape.Equal)
        {
            var atStart = _shape is Shape.Equal or Shape.Start || (_shape == Shape.Segments && parts[0] is { Kind: PatternPartKind.Literal } first && first.Text == longest);
            var atEnd = _shape is Shape.Equal or Shape.End || (_shape == Shape.Segments && !atStart && parts[^1] is { Kind: PatternPartKind.Literal } last && last.Text == longest);
            Needle = new Needle(folded, atStart, atEnd);
        }
    }

    public override Needle? Needle { get; }

    public override bool IsNeedle => !_cased && _shape is (Shape.Equal or Shape.Start or Shape.End or Shape.Inside);

    public override int Effort => _shape switch { Shape.Inside => 2, Shape.Segments => 5, _ => 1 };

    public static TextTest Of(SigmaPattern pattern, bool cased) => new(pattern, cased);

    public override bool Test(EventView view, int entry)
    {
        var value = _cased ? view.Raw(entry) : view.Folded(entry);
        return _shape switch
        {
            Shape.Anything => true,
            Shape.Equal => value.SequenceEqual(_text),
            Shape.Start => value.StartsWith(_text),
            Shape.End => value.EndsWith(_text),
            Shape.Inside => value.IndexOf(_text) >= 0,
            _ => _segments!.IsMatch(value),
        };
    }

    public override (int Start, int Length) Locate(string value)
    {
        if (_shape is Shape.Anything or Shape.Equal || _text.Length == 0) return (0, 0);
        var text = Encoding.UTF8.GetString(_text);
        var (searched, origin) = _cased ? (value, null) : TextFold.FoldWithOrigin(value);
        var at = _shape switch
        {
            Shape.Start => 0,
            Shape.End => searched.Length - text.Length,
            _ => searched.IndexOf(text, StringComparison.Ordinal),
        };
        if (at < 0) return (0, 0);
        return origin is null ? (at, text.Length) : (origin[at], origin[at + text.Length] - origin[at]);
    }
}
