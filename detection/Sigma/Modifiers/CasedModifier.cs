namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>Case counts.</summary>
internal sealed class CasedModifier : ISigmaModifier
{
    public string Name => "cased";

    public void Apply(ModifierChain chain)
    {
        if (chain.Values.Find(static v => v is not (PatternValue or BytesValue or FieldReferenceValue or UnresolvedValue or NumberValue)) is { } other)
            chain.Fault(FaultCodes.Modifier, $"'cased' needs text, not {ModifierChain.Describe(other)}");
        chain.Cased = true;
    }
}
