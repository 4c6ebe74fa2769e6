using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>
/// What a rule looks for, with all that changes nothing taken out: names of selections, the order of parts and of values, nesting
/// of like in like, case where it does not count, and double negation. Two rules with one key match the same events.
/// </summary>
internal static class LogicKey
{
    /// <param name="Kind">'=' a test, '!' a negation, '&amp;' and '|' a junction.</param>
    /// <param name="Key">A hash, so that parts cannot run into one another.</param>
    private sealed record Part(char Kind, string Key, IReadOnlyList<Part> Parts);

    public static string Of(SigmaRule rule) => Hash(rule.LogSource + "\n" + Of(rule.Condition).Key);

    private static Part Of(SigmaCondition condition) => condition switch
    {
        SelectionCondition selection => Of(selection.Selection.Item),
        NotCondition not => Not(Of(not.Part)),
        AndCondition and => Join('&', and.Parts.Select(Of)),
        OrCondition or => Join('|', or.Parts.Select(Of)),
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType().Name}"),
    };

    private static Part Of(SigmaItem item) => item switch
    {
        AllItems all => Join('&', all.Parts.Select(Of)),
        AnyItem any => Join('|', any.Parts.Select(Of)),
        FieldItem { Negated: true } field => Not(Of(field with { Negated = false })),
        FieldItem field => Join(field.All ? '&' : '|', field.Values.Select(v => new Part('=', Hash(field.Field + "\n" + Of(v, field.Cased)), []))),
        _ => throw new InvalidOperationException($"no such item: {item.GetType().Name}"),
    };

    private static string Of(SigmaValue value, bool cased) => value switch
    {
        PatternValue text when cased => "cased " + text.Pattern,
        PatternValue text => "text " + text.Pattern.ToString().ToLowerInvariant(),
        BytesValue bytes => "bytes " + Convert.ToHexString(bytes.Bytes),
        // The rule's numbers and booleans are compared by their text.
        NumberValue number => "text " + number.Text,
        BooleanValue flag => "text " + (flag.Value ? "true" : "false"),
        // Records without collections print all that they are.
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static Part Not(Part part) => part.Kind == '!' ? part.Parts[0] : new Part('!', Hash("!" + part.Key), [part]);

    private static Part Join(char kind, IEnumerable<Part> parts)
    {
        Part[] all = [.. parts.SelectMany(p => p.Kind == kind ? p.Parts : [p]).DistinctBy(static p => p.Key).OrderBy(static p => p.Key, StringComparer.Ordinal)];
        return all.Length == 1 ? all[0] : new Part(kind, Hash(kind + string.Concat(all.Select(static p => p.Key))), all);
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
