namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The value stands anywhere in the field's text; after fieldref, the other field's value does.</summary>
internal sealed class ContainsModifier : ISigmaModifier
{
    public string Name => "contains";

    public void Apply(ModifierChain chain) => chain.Map(value => value switch
    {
        FieldReferenceValue { Position: TextPosition.Whole } reference => reference with { Position = TextPosition.Anywhere },
        UnresolvedValue unresolved => unresolved with { Template = unresolved.Template.AnyBefore().AnyAfter() },
        _ => chain.Text(value, Name) is { } text ? new PatternValue(text.AnyBefore().AnyAfter()) : null,
    });
}
