using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>All modifiers by name: the one list to add a new one to.</summary>
internal static class ModifierSet
{
    private static readonly ISigmaModifier[] All =
    [
        new ContainsModifier(), new StartsWithModifier(), new EndsWithModifier(), new AllModifier(), new CasedModifier(),
        new ExistsModifier(), new NotEqualModifier(),
        new CompareModifier("lt", Comparison.Less), new CompareModifier("lte", Comparison.LessOrEqual),
        new CompareModifier("gt", Comparison.Greater), new CompareModifier("gte", Comparison.GreaterOrEqual),
        new CidrModifier(), new RegexModifier(),
        new RegexFlagModifier("i", RegexOptions.IgnoreCase), new RegexFlagModifier("m", RegexOptions.Multiline), new RegexFlagModifier("s", RegexOptions.Singleline),
        new FieldReferenceModifier(), new ExpandModifier(), new Base64Modifier(), new Base64OffsetModifier(), new WinDashModifier(),
        new Utf16Modifier("wide", bigEndian: false, mark: false), new Utf16Modifier("utf16le", bigEndian: false, mark: false),
        new Utf16Modifier("utf16be", bigEndian: true, mark: false), new Utf16Modifier("utf16", bigEndian: false, mark: true),
        new TimePartModifier("minute", TimePart.Minute, 0, 59), new TimePartModifier("hour", TimePart.Hour, 0, 23),
        new TimePartModifier("day", TimePart.Day, 1, 31), new TimePartModifier("week", TimePart.Week, 1, 53),
        new TimePartModifier("month", TimePart.Month, 1, 12), new TimePartModifier("year", TimePart.Year, 1, 9999),
    ];

    private static readonly FrozenDictionary<string, ISigmaModifier> ByName = All.ToFrozenDictionary(static m => m.Name, StringComparer.Ordinal);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<string> Names => All.Select(static m => m.Name);

    /// <summary>Runs the named modifiers; what they answer is in the chain.</summary>
    public static void Apply(IReadOnlyList<string> names, ModifierChain chain)
    {
        for (var i = 0; i < names.Count && !chain.HasFault; i++)
        {
            if (!ByName.TryGetValue(names[i], out var modifier))
            {
                chain.Fault(FaultCodes.Modifier, $"there is no modifier '{names[i]}'", $"the modifiers are {string.Join(", ", Names)}", FaultRemedy.Replace(names[i], Names));
                return;
            }
            if (chain.Before.Contains(names[i]))
            {
                chain.Fault(FaultCodes.Modifier, $"the modifier '{names[i]}' stands twice", remedy: new FaultRemedy(RemedyKind.Remove, names[i], []));
                return;
            }
            chain.After = names.Skip(i + 1).ToArray();
            modifier.Apply(chain);
            chain.Before.Add(names[i]);
        }
        if (chain.HasFault) return;
        chain.Map(value =>
        {
            if (value is not BytesValue bytes) return value;
            if (ToPattern(bytes) is { } pattern) return new PatternValue(pattern);
            chain.Fault(FaultCodes.Modifier, $"the bytes that '{chain.Before[^1]}' makes are not text that an event can hold", "follow it with base64 or base64offset");
            return null;
        });
    }

    public static SigmaPattern? ToPattern(BytesValue value)
    {
        try
        {
            return SigmaPattern.Literal(StrictUtf8.GetString(value.Bytes));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
