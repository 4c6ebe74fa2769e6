namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The field is there, or is not, whatever its value.</summary>
internal sealed class ExistsModifier : ISigmaModifier
{
    public string Name => "exists";

    public void Apply(ModifierChain chain)
    {
        if (chain.Field is null) chain.Fault(FaultCodes.Modifier, "'exists' needs a field");
        else if (chain.Before.Count > 0 || chain.After.Count > 0) chain.Fault(FaultCodes.Modifier, "'exists' stands alone", "use a second selection");
        else if (chain.Values is not [BooleanValue flag]) chain.Fault(FaultCodes.Value, "'exists' needs one value, true or false");
        else chain.Map(_ => new ExistsValue(flag.Value));
    }
}
