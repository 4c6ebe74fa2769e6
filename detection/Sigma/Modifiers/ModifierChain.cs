using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The values of one detection item on their way through its modifiers, from left to right.</summary>
internal sealed class ModifierChain(string? fieldName, List<SigmaValue> values, bool isList, YamlMark mark, FaultList faults, SigmaReaderOptions options)
{
    /// <summary>Values that one item may grow to by windash, base64offset or placeholders.</summary>
    public const int MaxValues = 5_000;

    public string? Field => fieldName;
    public List<SigmaValue> Values { get; private set; } = values;
    public bool IsList => isList;
    public YamlMark Mark => mark;
    public SigmaReaderOptions Options => options;
    public bool All { get; set; }
    public bool Cased { get; set; }
    public bool Negated { get; set; }
    public bool HasFault { get; private set; }

    /// <summary>The modifiers before the current one.</summary>
    public List<string> Before { get; } = [];

    /// <summary>The modifiers after the current one.</summary>
    public IReadOnlyList<string> After { get; set; } = [];

    public void Fault(string code, Phrase message, Phrase? hint = null, FaultRemedy? remedy = null)
    {
        HasFault = true;
        faults.Error(mark, code, message, hint, remedy);
    }

    public void Info(string code, Phrase message, FaultRemedy? remedy = null) => faults.Info(mark, code, message, remedy: remedy);

    /// <summary>Replaces each value; a null answer means that it was reported.</summary>
    public void Map(Func<SigmaValue, SigmaValue?> change) => Expand(v => change(v) is { } changed ? [changed] : []);

    /// <summary>Replaces each value by several, any of which may match.</summary>
    public void Expand(Func<SigmaValue, IEnumerable<SigmaValue>> change)
    {
        var next = new List<SigmaValue>(Values.Count);
        foreach (var value in Values)
        {
            foreach (var changed in change(value))
            {
                if (next.Count >= MaxValues)
                {
                    Fault(FaultCodes.TooLarge, $"the modifiers make more than {MaxValues} values of this item", "split the item");
                    return;
                }
                next.Add(changed);
            }
        }
        Values = next;
    }

    /// <summary>Text of a value that must be text, numbers among it; reports what is not.</summary>
    public SigmaPattern? Text(SigmaValue value, string modifier)
    {
        switch (value)
        {
            case PatternValue text: return text.Pattern;
            case RawText raw: return SigmaPattern.Parse(raw.Text);
            case NumberValue number: return SigmaPattern.Literal(number.Text);
            case BytesValue bytes when ModifierSet.ToPattern(bytes) is { } pattern: return pattern;
            case BytesValue:
                Fault(FaultCodes.Modifier, $"'{modifier}' cannot follow an encoding whose bytes are not text", "put base64 or base64offset between");
                return null;
            default:
                Fault(FaultCodes.Modifier, $"'{modifier}' needs text, not {Describe(value)}");
                return null;
        }
    }

    /// <summary>Text without wildcards, or null after a report.</summary>
    public string? Plain(SigmaValue value, string modifier)
    {
        if (Text(value, modifier) is not { } pattern) return null;
        if (!pattern.HasWildcards) return pattern.Text;
        Fault(FaultCodes.Modifier, $"'{modifier}' cannot be applied to wildcards", "escape them with \\, or leave them out");
        return null;
    }

    public static Phrase Describe(SigmaValue value) => value switch
    {
        PatternValue or BytesValue => (Phrase)"text",
        NumberValue => "a number",
        BooleanValue => "a boolean",
        NullValue => "null",
        RegexValue => "a regular expression",
        CidrValue => "a network",
        CompareValue => "a comparison",
        ExistsValue => "an existence test",
        FieldReferenceValue => "a field reference",
        TimePartValue => "a part of a time",
        _ => "a placeholder",
    };
}
