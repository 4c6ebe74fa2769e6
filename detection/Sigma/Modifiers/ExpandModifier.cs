using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>%name% stands for values of the installation; without values the rule is loaded and blind.</summary>
internal sealed partial class ExpandModifier : ISigmaModifier
{
    public string Name => "expand";

    public void Apply(ModifierChain chain) => chain.Expand(value =>
    {
        if (chain.Text(value, Name) is not { } pattern) return [];
        var results = new List<SigmaPattern> { SigmaPattern.Empty };
        foreach (var part in pattern.Parts)
        {
            if (part.Kind != PatternPartKind.Literal)
            {
                Append(results, [part]);
                continue;
            }
            var from = 0;
            foreach (Match match in Placeholder().Matches(part.Text))
            {
                Append(results, [PatternPart.Literal(part.Text[from..match.Index])]);
                from = match.Index + match.Length;
                var name = match.Groups[1].Value;
                if (!chain.Options.Placeholders.TryGetValue(name, out var given) || given.Count == 0) return [new UnresolvedValue(name)];
                if ((long)results.Count * given.Count > ModifierChain.MaxValues)
                {
                    chain.Fault(FaultCodes.TooLarge, $"the placeholders make more than {ModifierChain.MaxValues} values");
                    return [];
                }
                results = [.. results.SelectMany(r => given.Select(g => SigmaPattern.Of([.. r.Parts, .. SigmaPattern.Parse(g).Parts])))];
            }
            Append(results, [PatternPart.Literal(part.Text[from..])]);
        }
        return results.Select(static r => new PatternValue(r));
    });

    private static void Append(List<SigmaPattern> patterns, PatternPart[] parts)
    {
        for (var i = 0; i < patterns.Count; i++) patterns[i] = SigmaPattern.Of([.. patterns[i].Parts, .. parts]);
    }

    [GeneratedRegex("%([A-Za-z0-9_.-]{1,100})%", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
