using Beacon.Events;

namespace Beacon.Detections.Sigma.Yaml;

internal enum ScalarKind
{
    Text,
    Null,
    Boolean,
    Number,
}

/// <summary>
/// A scalar with the type that YAML 1.2's core schema (section 10.3) gives its plain form. Hexadecimal and octal forms stay text:
/// logs write them as text, and values compare by text.
/// </summary>
internal sealed class YamlScalar(YamlMark mark, string text, bool plain) : YamlNode(mark)
{
    public string Text { get; } = text;
    public ScalarKind Type { get; } = plain ? Resolve(text) : ScalarKind.Text;
    public bool IsNull => Type == ScalarKind.Null;

    public override Phrase Kind => Type switch
    {
        ScalarKind.Null => (Phrase)"null",
        ScalarKind.Boolean => "a boolean",
        ScalarKind.Number => "a number",
        _ => "text",
    };

    private static ScalarKind Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": return ScalarKind.Null;
            case "true" or "True" or "TRUE" or "false" or "False" or "FALSE": return ScalarKind.Boolean;
        }
        return IsNumber(text) ? ScalarKind.Number : ScalarKind.Text;
    }

    private static bool IsNumber(string text)
    {
        var i = text[0] is '-' or '+' ? 1 : 0;
        var digits = 0;
        for (; i < text.Length && char.IsAsciiDigit(text[i]); i++) digits++;
        if (i < text.Length && text[i] == '.')
        {
            for (i++; i < text.Length && char.IsAsciiDigit(text[i]); i++) digits++;
        }
        if (digits == 0) return false;
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '-' or '+') i++;
            var exponent = i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
            if (i == exponent) return false;
        }
        return i == text.Length;
    }
}
