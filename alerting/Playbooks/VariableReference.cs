using System.Text.RegularExpressions;

namespace Beacon.Alerting.Playbooks;

/// <summary>References to variables in commands and conditions: <c>__name__:value</c> (CACAO 2.0, section 10.18).</summary>
internal static partial class VariableReference
{
    public static Regex Pattern { get; } = Reference();

    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Names referred to, each once.</summary>
    public static IEnumerable<string> In(string text) => Pattern.Matches(text).Select(m => m.Groups[1].Value).Distinct();

    /// <summary>Names that stand without ":value", each once: nothing is filled in for them (section 10.18.1).</summary>
    public static IEnumerable<string> Bare(string text) => BareName().Matches(text).Select(m => m.Value).Distinct();

    /// <param name="encode">How a value is made safe for where it stands.</param>
    public static string Fill(string text, Func<string, string?> variable, Func<string, string>? encode = null) =>
        Pattern.Replace(text, m => variable(m.Groups[1].Value) is { } value ? (encode is null ? value : encode(value)) : m.Value);

    [GeneratedRegex("(__[a-zA-Z_][a-zA-Z0-9_-]{0,199}?__):value", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex("(?<![a-zA-Z0-9_])__[a-zA-Z][a-zA-Z0-9_-]{0,199}?__(?![a-zA-Z0-9_]|:value)", RegexOptions.CultureInvariant)]
    private static partial Regex BareName();

    [GeneratedRegex("^__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
