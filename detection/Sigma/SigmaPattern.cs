using System.Collections.Immutable;
using System.Text;

namespace Beacon.Detections.Sigma;

internal enum PatternPartKind
{
    Literal,
    /// <summary>'*': any run of characters, also none.</summary>
    Any,
    /// <summary>'?': exactly one character.</summary>
    One,
}

internal readonly record struct PatternPart(PatternPartKind Kind, string Text)
{
    public static readonly PatternPart Any = new(PatternPartKind.Any, "");
    public static readonly PatternPart One = new(PatternPartKind.One, "");

    public static PatternPart Literal(string text) => new(PatternPartKind.Literal, text);
}

/// <summary>
/// A Sigma string value: literals and wildcards. '\' before '*', '?' or '\' makes that character a literal; before anything else,
/// and at the end, it is a literal itself (Sigma rules specification 2.1, "Escaping").
/// </summary>
internal sealed class SigmaPattern
{
    public static readonly SigmaPattern Empty = new([]);

    private SigmaPattern(ImmutableArray<PatternPart> parts) => Parts = parts;

    /// <summary>Neighbouring literals are joined, neighbouring '*' are one.</summary>
    public ImmutableArray<PatternPart> Parts { get; }

    public bool HasWildcards => Parts.Any(static p => p.Kind != PatternPartKind.Literal);

    /// <summary>The text of a pattern without wildcards.</summary>
    public string Text => HasWildcards ? throw new InvalidOperationException("the pattern has wildcards") : string.Concat(Parts.Select(static p => p.Text));

    public static SigmaPattern Literal(string text) => text.Length == 0 ? Empty : new([PatternPart.Literal(text)]);

    public static SigmaPattern Of(IEnumerable<PatternPart> parts)
    {
        var kept = ImmutableArray.CreateBuilder<PatternPart>();
        foreach (var part in parts)
        {
            if (part is { Kind: PatternPartKind.Literal, Text.Length: 0 }) continue;
            if (kept.Count > 0 && part.Kind == PatternPartKind.Any && kept[^1].Kind == PatternPartKind.Any) continue;
            if (kept.Count > 0 && part.Kind == PatternPartKind.Literal && kept[^1].Kind == PatternPartKind.Literal)
                kept[^1] = PatternPart.Literal(kept[^1].Text + part.Text);
            else kept.Add(part);
        }
        return new SigmaPattern(kept.ToImmutable());
    }

    public static SigmaPattern Parse(string text)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length && text[i + 1] is ('*' or '?' or '\\'))
            {
                literal.Append(text[++i]);
                continue;
            }
            if (c is not ('*' or '?'))
            {
                literal.Append(c);
                continue;
            }
            parts.Add(PatternPart.Literal(literal.ToString()));
            literal.Clear();
            parts.Add(c == '*' ? PatternPart.Any : PatternPart.One);
        }
        parts.Add(PatternPart.Literal(literal.ToString()));
        return Of(parts);
    }

    public SigmaPattern AnyBefore() => Of([PatternPart.Any, .. Parts]);
    public SigmaPattern AnyAfter() => Of([.. Parts, PatternPart.Any]);

    /// <summary>The pattern as Sigma writes it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            text.Append(part.Kind switch
            {
                PatternPartKind.Any => "*",
                PatternPartKind.One => "?",
                _ => part.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal),
            });
        }
        return text.ToString();
    }
}
