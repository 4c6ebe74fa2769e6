namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The value stands at the start of the field's text; after fieldref, the other field's value does.</summary>
internal sealed class StartsWithModifier : ISigmaModifier
{
    public string Name => "startswith";

    public void Apply(ModifierChain chain) => chain.Map(value => value switch
    {
        FieldReferenceValue { Position: TextPosition.Whole } reference => reference with { Position = TextPosition.Start },
        UnresolvedValue unresolved => unresolved with { Template = unresolved.Template.AnyAfter() },
        _ => chain.Text(value, Name) is { } text ? new PatternValue(text.AnyAfter()) : null,
    });
}
