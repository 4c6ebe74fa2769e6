using System.Text;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>Values of rules as the text that pipelines look at.</summary>
internal static class ValueText
{
    /// <summary>Wildcards as '*' and '?', nothing escaped.</summary>
    public static string Plain(SigmaPattern pattern) => string.Concat(pattern.Parts.Select(static p => p.Kind switch
    {
        PatternPartKind.Any => "*",
        PatternPartKind.One => "?",
        _ => p.Text,
    }));

    /// <summary>As <see cref="Plain"/>, with a backslash before a literal '*' or '?', and before a backslash that stands before one or a wildcard: <see cref="Parse"/> is its reverse.</summary>
    public static string Escaped(SigmaPattern pattern)
    {
        var text = new StringBuilder();
        foreach (var part in pattern.Parts)
        {
            if (part.Kind != PatternPartKind.Literal)
            {
                DoubleBackslashes(text);
                text.Append(part.Kind == PatternPartKind.Any ? '*' : '?');
                continue;
            }
            foreach (var c in part.Text)
            {
                if (c is '*' or '?')
                {
                    DoubleBackslashes(text);
                    text.Append('\\');
                }
                text.Append(c);
            }
        }
        return text.ToString();
    }

    /// <summary>Backslashes count as escapes only before '*' and '?': two stand for one, and a last odd one makes the wildcard a literal.</summary>
    public static SigmaPattern Parse(string text)
    {
        var parts = new List<PatternPart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('*' or '?'))
            {
                literal.Append(text[i]);
                continue;
            }
            var slashes = 0;
            while (slashes < i && text[i - 1 - slashes] == '\\') slashes++;
            literal.Length -= slashes;
            literal.Append('\\', slashes / 2);
            if (slashes % 2 == 1)
            {
                literal.Append(text[i]);
                continue;
            }
            parts.Add(PatternPart.Literal(literal.ToString()));
            literal.Clear();
            parts.Add(text[i] == '*' ? PatternPart.Any : PatternPart.One);
        }
        parts.Add(PatternPart.Literal(literal.ToString()));
        return SigmaPattern.Of(parts);
    }

    public static bool Is(SigmaValue value, Constant constant) => (value, constant.Kind) switch
    {
        (PatternValue text, ScalarKind.Text) => text.Pattern.Parts.SequenceEqual(SigmaPattern.Parse(constant.Text).Parts),
        (NumberValue number, ScalarKind.Number) => new Constant(ScalarKind.Number, number.Text).Is(constant),
        (BooleanValue flag, ScalarKind.Boolean) => flag.Value == (constant.Text[0] is 't' or 'T'),
        (NullValue, ScalarKind.Null) => true,
        _ => false,
    };

    private static void DoubleBackslashes(StringBuilder text)
    {
        var slashes = 0;
        while (slashes < text.Length && text[^(slashes + 1)] == '\\') slashes++;
        text.Append('\\', slashes);
    }
}
