using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.LogSources;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Tests.Matching;

/// <summary>Decides whether a rule matches as the specification reads: slowly, on strings, without any index. The engine must agree with it.</summary>
internal sealed class NaiveEvaluator
{
    private readonly List<(string Name, string? Value)> _fields;
    private readonly Dictionary<string, string> _lower = new(StringComparer.Ordinal);

    public NaiveEvaluator(SecurityEvent e) => _fields = [.. Enumerable.Range(0, e.Count).Select(i => (Encoding.UTF8.GetString(e.NameAt(i)), e.KindAt(i) == ValueKind.Null ? null : e.TextAt(i)))];

    public bool Matches(SigmaRule rule) => IsOf(rule) && Holds(rule);

    /// <summary>The event comes from the rule's log source.</summary>
    public bool IsOf(SigmaRule rule) => SigmaPipelines.BuiltIn.Bind(rule).Binding is { Blind: null } binding && binding.Alternatives.Any(a => a.All(t => Holds(t, _fields)));

    /// <summary>The rule's condition holds, whatever its log source.</summary>
    public bool Holds(SigmaRule rule) => rule.UnresolvedPlaceholders.Count == 0 && Holds(rule.Condition, _fields, SigmaPipelines.BuiltIn.Bind(rule).Binding);

    private bool Holds(SourceTest test, List<(string Name, string? Value)> fields)
    {
        var values = fields.Where(f => f.Name == test.Field).ToList();
        return test.Kind switch
        {
            SourceTestKind.Present => values.Count > 0,
            SourceTestKind.Absent => values.Count == 0,
            SourceTestKind.EndsWith => values.Any(v => v.Value is not null && test.Values.Any(t => Lower(v.Value).EndsWith(Lower(t), StringComparison.Ordinal))),
            _ => values.Any(v => v.Value is not null && test.Values.Any(t => Lower(v.Value) == Lower(t))),
        };
    }

    private bool Holds(SigmaCondition condition, List<(string Name, string? Value)> fields, LogSourceBinding binding) => condition switch
    {
        NotCondition not => !Holds(not.Part, fields, binding),
        AndCondition and => and.Parts.All(p => Holds(p, fields, binding)),
        OrCondition or => or.Parts.Any(p => Holds(p, fields, binding)),
        SelectionCondition selection => Holds(selection.Selection.Item, fields, binding),
        _ => throw new NotSupportedException(),
    };

    private bool Holds(SigmaItem item, List<(string Name, string? Value)> fields, LogSourceBinding binding)
    {
        switch (item)
        {
            case AllItems all: return all.Parts.All(p => Holds(p, fields, binding));
            case AnyItem any: return any.Parts.Any(p => Holds(p, fields, binding));
            case FieldItem field:
                var own = field.Field is null ? fields : Named(fields, binding.Fields(field.Field));
                var results = field.Values.Select(v => Holds(v, field, own, fields, binding));
                var holds = field.All ? results.All(static r => r) : results.Any(static r => r);
                return holds != field.Negated;
            default: throw new NotSupportedException();
        }
    }

    private static List<(string Name, string? Value)> Named(List<(string Name, string? Value)> fields, IReadOnlyList<string> names) =>
        [.. fields.Where(f => names.Any(n => n == f.Name || n == Alias(f.Name)))];

    private static string? Alias(string name)
    {
        if (name.StartsWith("winlog.user_data.", StringComparison.Ordinal)) return "winlog.event_data." + name[(name.LastIndexOf('.') + 1)..].Replace(" ", "", StringComparison.Ordinal);
        return name.StartsWith("winlog.event_data.", StringComparison.Ordinal) && name.Contains(' ', StringComparison.Ordinal) ? name.Replace(" ", "", StringComparison.Ordinal) : null;
    }

    private bool Holds(SigmaValue value, FieldItem item, List<(string Name, string? Value)> own, List<(string Name, string? Value)> all, LogSourceBinding binding)
    {
        switch (value)
        {
            case NullValue: return own.All(static f => f.Value is null);
            case ExistsValue exists: return own.Count > 0 == exists.Present;
        }
        foreach (var (_, text) in own)
        {
            if (text is null) continue;
            var holds = value switch
            {
                PatternValue pattern => TextOrPattern(item.Field is null ? pattern.Pattern.AnyBefore().AnyAfter() : pattern.Pattern, text, item.Cased),
                NumberValue number => item.Field is null ? Lower(text).Contains(Lower(number.Text), StringComparison.Ordinal) : Lower(text) == Lower(number.Text),
                BooleanValue flag => item.Field is null ? Lower(text).Contains(flag.Value ? "true" : "false", StringComparison.Ordinal) : Lower(text) == (flag.Value ? "true" : "false"),
                RegexValue regex => Regex.IsMatch(text, regex.Pattern, regex.Options | RegexOptions.CultureInvariant),
                CidrValue cidr => IPAddress.TryParse(text, out var address) && (cidr.Network.Contains(address) || (address.IsIPv4MappedToIPv6 && cidr.Network.Contains(address.MapToIPv4()))),
                CompareValue compare => text.All(static c => char.IsAsciiDigit(c) || c is '-' or '+' or '.' or 'e' or 'E') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && compare.Operator switch
                {
                    Comparison.Less => n < compare.Number,
                    Comparison.LessOrEqual => n <= compare.Number,
                    Comparison.Greater => n > compare.Number,
                    _ => n >= compare.Number,
                },
                FieldReferenceValue reference => Named(all, binding.Fields(reference.Field)).Any(o => o.Value is not null && Refers(text, o.Value, reference.Position, item.Cased)),
                _ => throw new NotSupportedException(),
            };
            if (holds) return true;
        }
        return false;
    }

    private bool Refers(string text, string other, TextPosition position, bool cased)
    {
        if (!cased) (text, other) = (Lower(text), Lower(other));
        return position switch
        {
            TextPosition.Start => text.StartsWith(other, StringComparison.Ordinal),
            TextPosition.End => text.EndsWith(other, StringComparison.Ordinal),
            TextPosition.Anywhere => text.Contains(other, StringComparison.Ordinal),
            _ => text == other,
        };
    }

    private bool TextOrPattern(SigmaPattern pattern, string text, bool cased)
    {
        string Of(string part) => cased ? part : Lower(part);
        return pattern.Parts switch
        {
            [{ Kind: PatternPartKind.Literal, Text: var whole }] => Of(text) == Of(whole),
            [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal, Text: var end }] => Of(text).EndsWith(Of(end), StringComparison.Ordinal),
            [{ Kind: PatternPartKind.Literal, Text: var start }, { Kind: PatternPartKind.Any }] => Of(text).StartsWith(Of(start), StringComparison.Ordinal),
            [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal, Text: var inner }, { Kind: PatternPartKind.Any }] => Of(text).Contains(Of(inner), StringComparison.Ordinal),
            _ => Text(pattern, text, cased),
        };
    }

    private static bool Text(SigmaPattern pattern, string text, bool cased)
    {
        // One element a code point: null is '?', -1 is '*'.
        var wanted = new List<(PatternPartKind Kind, Rune Rune)>();
        foreach (var part in pattern.Parts)
        {
            if (part.Kind != PatternPartKind.Literal) wanted.Add((part.Kind, default));
            else wanted.AddRange(part.Text.EnumerateRunes().Select(r => (PatternPartKind.Literal, cased ? r : Rune.ToLowerInvariant(r))));
        }
        var runes = text.EnumerateRunes().Select(r => cased ? r : Rune.ToLowerInvariant(r)).ToArray();
        var reachable = new bool[runes.Length + 1];
        reachable[0] = true;
        foreach (var (kind, rune) in wanted)
        {
            var next = new bool[runes.Length + 1];
            for (var i = 0; i <= runes.Length; i++)
            {
                if (kind == PatternPartKind.Any) next[i] = reachable[i] || (i > 0 && next[i - 1]);
                else next[i] = i > 0 && reachable[i - 1] && (kind == PatternPartKind.One || runes[i - 1] == rune);
            }
            reachable = next;
        }
        return reachable[^1];
    }

    /// <summary>Each code point's own lower case; the same texts come again and again.</summary>
    private string Lower(string text)
    {
        if (_lower.TryGetValue(text, out var lower)) return lower;
        return _lower[text] = string.Concat(text.EnumerateRunes().Select(static r => Rune.ToLowerInvariant(r).ToString()));
    }
}
