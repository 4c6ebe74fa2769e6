using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>A flag behind 're': i ignores case, m makes ^ and $ stand at lines, s lets the dot match newlines.</summary>
internal sealed class RegexFlagModifier(string name, RegexOptions option) : ISigmaModifier
{
    public string Name => name;

    public static RegexOptions OptionOf(string flag) => flag switch
    {
        "i" => RegexOptions.IgnoreCase,
        "m" => RegexOptions.Multiline,
        "s" => RegexOptions.Singleline,
        _ => RegexOptions.None,
    };

    public void Apply(ModifierChain chain) => chain.Map(value =>
    {
        if (value is RegexValue regex) return regex with { Options = regex.Options | option };
        chain.Fault(FaultCodes.Modifier, $"'{name}' stands behind 're' only");
        return null;
    });
}
