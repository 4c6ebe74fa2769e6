namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The value names another field, whose value is compared.</summary>
internal sealed class FieldReferenceModifier : ISigmaModifier
{
    public string Name => "fieldref";

    public void Apply(ModifierChain chain)
    {
        if (chain.Field is null)
        {
            chain.Fault(FaultCodes.Modifier, "'fieldref' needs a field");
            return;
        }
        // Rules in the wild write the position on either side.
        var position = TextPosition.Whole;
        foreach (var before in chain.Before)
        {
            if (before is "contains") position = TextPosition.Anywhere;
            else if (before is "startswith") position = TextPosition.Start;
            else if (before is "endswith") position = TextPosition.End;
            else if (before is not ("all" or "cased" or "neq"))
            {
                chain.Fault(FaultCodes.Modifier, $"'fieldref' cannot follow '{before}'");
                return;
            }
        }
        chain.Map(value =>
        {
            var name = value is PatternValue text ? string.Concat(text.Pattern.Parts.Select(static p => p.Text)) : "";
            if (name.Length > 0 && Events.FieldNames.MaxNameLength / 4 > name.Length) return new FieldReferenceValue(name, position);
            chain.Fault(FaultCodes.Value, "'fieldref' needs the name of a field");
            return null;
        });
    }
}
