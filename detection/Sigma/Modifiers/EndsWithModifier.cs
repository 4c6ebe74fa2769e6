namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The value stands at the end of the field's text; after fieldref, the other field's value does.</summary>
internal sealed class EndsWithModifier : ISigmaModifier
{
    public string Name => "endswith";

    public void Apply(ModifierChain chain) => chain.Map(value => value switch
    {
        FieldReferenceValue { Position: TextPosition.Whole } reference => reference with { Position = TextPosition.End },
        UnresolvedValue unresolved => unresolved with { Template = unresolved.Template.AnyBefore() },
        _ => chain.Text(value, Name) is { } text ? new PatternValue(text.AnyBefore()) : null,
    });
}
