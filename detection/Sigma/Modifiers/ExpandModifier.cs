namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>%name% stands for values of the installation; without values the rule is loaded and blind.</summary>
internal sealed class ExpandModifier : ISigmaModifier
{
    public string Name => "expand";

    public void Apply(ModifierChain chain) => chain.Expand(value =>
    {
        if (chain.Text(value, Name) is not { } pattern) return [];
        if (Placeholders.Expand(pattern, name => chain.Options.Placeholders.GetValueOrDefault(name)?.Select(SigmaPattern.Parse)) is { } expanded) return expanded;
        chain.Fault(FaultCodes.TooLarge, $"the placeholders make more than {ModifierChain.MaxValues} values");
        return [];
    });
}
