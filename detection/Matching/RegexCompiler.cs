using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>Regular expressions of rules: linear-time where the expression allows it, else under a time limit.</summary>
internal static partial class RegexCompiler
{
    public const int MaxLength = 10_000;

    /// <summary>What a backtracking expression may take on one value; past it the rule's error is counted and it does not match.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    /// <summary>Largest repetition count for the linear-time engine: it unrolls counts into states, and a few thousand states are slower than what they guard against.</summary>
    private const int MaxLinearCount = 64;

    /// <summary>Null, or why the expression cannot be used.</summary>
    public static Phrase? Check(string pattern, RegexOptions options)
    {
        if (pattern.Length > MaxLength) return $"the regular expression is longer than {MaxLength} characters";
        try
        {
            _ = new Regex(pattern, options | RegexOptions.CultureInvariant, Limit);
            return null;
        }
        catch (ArgumentException fault)
        {
            return $"not a regular expression: {fault.Message}";
        }
    }

    public static Regex Compile(string pattern, RegexOptions options)
    {
        options |= RegexOptions.CultureInvariant;
        if (HasLargeCount(pattern)) return new Regex(pattern, options, Limit);
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            // Look-arounds, back-references and automata too large to build.
            return new Regex(pattern, options, Limit);
        }
    }

    private static bool HasLargeCount(string pattern)
    {
        foreach (var count in Counts().EnumerateMatches(pattern))
            if (!int.TryParse(pattern.AsSpan(count.Index, count.Length), out var n) || n > MaxLinearCount) return true;
        return false;
    }

    /// <summary>Runs of digits behind a brace or a comma: counts of repetitions, and now and then a harmless other.</summary>
    [GeneratedRegex(@"(?<=[{,])\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Counts();
}
