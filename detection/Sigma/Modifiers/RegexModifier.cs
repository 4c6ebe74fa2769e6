using System.Text.RegularExpressions;
using Beacon.Detections.Matching;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The value is a regular expression, searched for in the field; case counts unless 'i' follows.</summary>
internal sealed class RegexModifier : ISigmaModifier
{
    public string Name => "re";

    public void Apply(ModifierChain chain)
    {
        if (chain.Before.Exists(static m => m is not ("all" or "neq")))
        {
            chain.Fault(FaultCodes.Modifier, $"'re' cannot follow '{chain.Before[^1]}'", "a regular expression can say where it stands and how it is encoded");
            return;
        }
        var options = RegexOptions.None;
        foreach (var flag in chain.After) options |= RegexFlagModifier.OptionOf(flag);
        chain.Map(value =>
        {
            // A regular expression has its own escapes: the text as it was written counts.
            var text = value switch
            {
                RawText raw => raw.Text,
                NumberValue number => number.Text,
                _ => null,
            };
            if (text is null)
            {
                chain.Fault(FaultCodes.Value, "'re' needs text");
                return null;
            }
            if (RegexCompiler.Check(text, options) is not { } problem) return new RegexValue(text, options);
            chain.Fault(FaultCodes.Value, problem, "Sigma's flavour is PCRE with . ^ $ * + ? {n,m} [] () |");
            return null;
        });
    }
}
