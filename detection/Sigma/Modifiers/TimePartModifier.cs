using System.Globalization;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>A part of a time, as the event writes it: minute, hour, day, week (ISO 8601), month, year. lt, lte, gt, gte may follow.</summary>
internal sealed class TimePartModifier(string name, TimePart part, int least, int most) : ISigmaModifier
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
            if (value is NumberValue number && int.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most)
                return new TimePartValue(part, null, n);
            chain.Fault(FaultCodes.Value, $"'{name}' needs a whole number from {least} to {most}");
            return null;
        });
    }
}
