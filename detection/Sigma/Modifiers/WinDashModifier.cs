namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>Each '-' or '/' before a word may also be the other, an en dash, an em dash or a horizontal bar, in every combination.</summary>
internal sealed class WinDashModifier : ISigmaModifier
{
    private static readonly char[] Dashes = ['-', '/', '\u2013', '\u2014', '\u2015'];

    public string Name => "windash";

    public void Apply(ModifierChain chain) => chain.Expand(value =>
    {
        if (chain.Text(value, Name) is not { } pattern) return [];
        var places = pattern.Parts.Sum(static p => Enumerable.Range(0, p.Text.Length).Count(i => IsFlag(p.Text, i)));
        if (Math.Pow(Dashes.Length, places) > ModifierChain.MaxValues)
        {
            chain.Fault(FaultCodes.TooLarge, $"'windash' makes more than {ModifierChain.MaxValues} values of {places} dashes", "split the value into several with 'all'");
            return [];
        }
        List<List<PatternPart>> results = [[]];
        foreach (var part in pattern.Parts)
        {
            var forms = part.Kind == PatternPartKind.Literal ? Forms(part.Text).Select(PatternPart.Literal).ToArray() : [part];
            results = [.. results.SelectMany(r => forms.Select(f => new List<PatternPart>([.. r, f])))];
        }
        return results.Select(static r => new PatternValue(SigmaPattern.Of(r)));
    });

    private static List<string> Forms(string text)
    {
        List<string> forms = [text];
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsFlag(text, i)) continue;
            var at = i;
            forms = [.. forms.SelectMany(f => Dashes.Select(d => f[..at] + d + f[(at + 1)..]))];
        }
        return forms;
    }

    private static bool IsFlag(string text, int i) =>
        text[i] is '-' or '/' && i + 1 < text.Length && IsWord(text[i + 1]) && (i == 0 || !IsWord(text[i - 1]));

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
