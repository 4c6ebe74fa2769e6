namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>Every value must match, not one of them.</summary>
internal sealed class AllModifier : ISigmaModifier
{
    public string Name => "all";

    public void Apply(ModifierChain chain)
    {
        if (!chain.IsList) chain.Info(FaultCodes.Modifier, "'all' on a single value says nothing", new FaultRemedy(RemedyKind.Remove, Name, []));
        chain.All = true;
    }
}
