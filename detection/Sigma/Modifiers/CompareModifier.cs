using System.Globalization;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The field is a number, or a part of a time, below or above the value: lt, lte, gt, gte.</summary>
internal sealed class CompareModifier(string name, Comparison comparison) : ISigmaModifier
{
    public string Name => name;

    public void Apply(ModifierChain chain)
    {
        if (chain.Field is null)
        {
            chain.Fault(FaultCodes.Modifier, $"'{name}' needs a field");
            return;
        }
        chain.Map(value =>
        {
            if (value is TimePartValue { Operator: null } part) return part with { Operator = comparison };
            var text = value switch
            {
                NumberValue number => number.Text,
                PatternValue { Pattern.HasWildcards: false } pattern => pattern.Pattern.Text,
                _ => "",
            };
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) && double.IsFinite(limit))
                return new CompareValue(comparison, limit);
            chain.Fault(FaultCodes.Value, $"'{name}' needs a number");
            return null;
        });
    }
}
