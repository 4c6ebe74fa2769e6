namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>No value of the item matches; so also an absent field passes, as under 'not'.</summary>
internal sealed class NotEqualModifier : ISigmaModifier
{
    public string Name => "neq";

    public void Apply(ModifierChain chain)
    {
        if (chain.Field is null) chain.Fault(FaultCodes.Modifier, "'neq' needs a field");
        chain.Negated = true;
    }
}
