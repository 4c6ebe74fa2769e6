using System.Globalization;
using System.Text;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Events.QueryLanguage;

namespace Beacon.Detections.Rules.Drafts;

/// <summary>A rule made of a query, or where the query says what a rule can't.</summary>
/// <param name="Yaml">Null where there is a fault.</param>
public sealed record RuleDraftResult(string? Yaml, QueryFault? Fault);

/// <summary>
/// Writes a Sigma rule (2.1) that matches what a query finds. What Sigma can't say, and what only a search knows (when an event came, what number the store
/// gave it), is refused with its place in the query.
/// </summary>
public static class RuleDraft
{
    /// <summary>Longest title, UTF-16 units, as Sigma's conventions have it.</summary>
    public const int MaxTitle = 110;

    private static readonly string[] OfTheStore = ["@timestamp", "event.ingested", "event.id", "beacon.source", "beacon.sequence"];

    /// <param name="title">One line; cut to <see cref="MaxTitle"/>.</param>
    /// <param name="source">One of <see cref="DraftSource.All"/>.</param>
    public static RuleDraftResult Of(string query, string title, DraftSource source, Guid id)
    {
        if (!EventQueryText.TryParse(query, out var filter, out var fault, out var places)) return new RuleDraftResult(null, fault);
        if (filter is AllFilter) return new RuleDraftResult(null, new QueryFault(0, 1, "an empty query finds every event: a rule wants a condition"));
        try
        {
            var writer = new Writer(places);
            var condition = writer.Condition(filter, inner: false);
            return new RuleDraftResult(Document(title, id, source, query, writer.Selections, condition), null);
        }
        catch (RefusedTest refused)
        {
            return new RuleDraftResult(null, refused.Fault);
        }
    }

    private static string Document(string title, Guid id, DraftSource source, string query, StringBuilder selections, string condition)
    {
        var name = OneLine(title, MaxTitle);
        return new StringBuilder()
            .Append("title: ").Append(Quote(name.Length == 0 ? "Draft From a Search" : name)).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"id: {id:D}\n")
            .Append("status: experimental\n")
            .Append("description: ").Append(Quote("Finds what this search finds: " + OneLine(query, 1_000))).Append('\n')
            .Append("logsource:\n").Append(string.Concat(source.Yaml.Select(l => "    " + l + "\n")))
            .Append("detection:\n").Append(selections)
            .Append("    condition: ").Append(condition).Append('\n')
            .Append("falsepositives:\n    - Unknown\nlevel: medium\n").ToString();
    }

    private static string OneLine(string text, int most)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)]).Trim();
        return line.Length <= most ? line : line[..(most - 1)] + "…";
    }

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private sealed class RefusedTest(QueryFault fault) : Exception(fault.Message.ToString())
    {
        public QueryFault Fault => fault;
    }

    private sealed class Writer(IReadOnlyDictionary<EventFilter, QuerySpan> places)
    {
        private int _count;

        public StringBuilder Selections { get; } = new();

        /// <param name="inner">It stands beside others: an alternative wants parentheses.</param>
        public string Condition(EventFilter filter, bool inner)
        {
            switch (filter)
            {
                case NotFilter none:
                    return "not " + Condition(none.Part, inner: true);
                case AndFilter all:
                    // Tests of different fields are one selection; the rest stand beside it.
                    var (map, others) = Mapped(all.Parts);
                    List<string> parts = [.. others.Select(o => Condition(o, inner: true))];
                    if (map.Count > 0) parts.Insert(0, Select(map.Select(Line)));
                    return Joined(parts, " and ", inner);
                case OrFilter any when Listed(any.Parts) is { } list:
                    return Select(list);
                case OrFilter any:
                    return Joined([.. any.Parts.Select(p => Condition(p, inner: true))], " or ", inner);
                case TextFilter text:
                    return Select([$"        - {Scalar(Escape(Checked(text, text.Text)))}"]);
                case FieldFilter field:
                    return Select([Line(field)]);
                default:
                    throw new InvalidOperationException($"the query language has no {filter.GetType().Name}");
            }
        }

        private static (List<FieldFilter> Map, List<EventFilter> Others) Mapped(IReadOnlyList<EventFilter> parts)
        {
            var (map, others, keys) = (new List<FieldFilter>(), new List<EventFilter>(), new HashSet<string>(StringComparer.Ordinal));
            foreach (var part in parts)
            {
                if (part is FieldFilter f && keys.Add(f.Field + Modifier(f.Test))) map.Add(f);
                else others.Add(part);
            }
            return (map, others);
        }

        /// <summary>Alternatives of one field and test, or of text alone, as one list; null for others.</summary>
        private List<string>? Listed(IReadOnlyList<EventFilter> parts)
        {
            if (parts.All(p => p is TextFilter)) return [.. parts.Cast<TextFilter>().Select(t => $"        - {Scalar(Escape(Checked(t, t.Text)))}")];
            if (parts[0] is not FieldFilter first || first.Test == FieldTest.Exists || !parts.All(p => p is FieldFilter f && f.Field == first.Field && (f.Test == first.Test || (IsText(f.Test) && IsText(first.Test))))) return null;
            return [$"        {Scalar(Name(first))}:", .. parts.Cast<FieldFilter>().Select(f => $"            - {Value(f)}")];
        }

        private static bool IsText(FieldTest test) => test is FieldTest.Equals or FieldTest.Wildcard;

        private string Line(FieldFilter f) => $"        {Scalar(Name(f))}: {Value(f)}";

        private string Name(FieldFilter f)
        {
            if (OfTheStore.Contains(f.Field)) throw Refused(f, $"'{f.Field}' is known to the store only: a rule sees an event before it is stored");
            if (f.Field.Contains('|', StringComparison.Ordinal)) throw Refused(f, "Sigma can't name a field with '|' in it");
            if (f.Field.Length > DetectionReader.MaxFieldName) throw Refused(f, $"a rule's field has a name of at most {DetectionReader.MaxFieldName} characters");
            Checked(f, f.Field);
            return f.Field + Modifier(f.Test);
        }

        private string Value(FieldFilter f) => f.Test switch
        {
            FieldTest.Exists => "true",
            FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual =>
                decimal.TryParse(f.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : throw Refused(f, $"Sigma compares numbers: '{f.Value}' is none"),
            FieldTest.Wildcard => Scalar(FromWildcard(Checked(f, f.Value))),
            FieldTest.Cidr => Scalar(f.Value),
            _ => Scalar(Escape(Checked(f, f.Value))),
        };

        private static string Modifier(FieldTest test) => test switch
        {
            FieldTest.Contains => "|contains", FieldTest.StartsWith => "|startswith", FieldTest.EndsWith => "|endswith", FieldTest.Less => "|lt", FieldTest.LessOrEqual => "|lte",
            FieldTest.Greater => "|gt", FieldTest.GreaterOrEqual => "|gte", FieldTest.Cidr => "|cidr", FieldTest.Exists => "|exists", _ => "",
        };

        // In Sigma a backslash is itself unless it stands before a wildcard or another backslash.
        private static string Escape(string text)
        {
            var escaped = new StringBuilder(text.Length + 4);
            foreach (var c in text) escaped.Append(c is '*' or '?' or '\\' ? "\\" : "").Append(c);
            return escaped.ToString();
        }

        // In a query "\*" is a star, and a backslash before anything else is itself.
        private static string FromWildcard(string pattern)
        {
            var text = new StringBuilder(pattern.Length + 4);
            for (var i = 0; i < pattern.Length; i++)
            {
                if (pattern[i] == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '*' or '?') text.Append('\\').Append(pattern[++i]);
                else text.Append(pattern[i] == '\\' ? "\\\\" : pattern[i].ToString());
            }
            return text.ToString();
        }

        private string Checked(EventFilter at, string text) =>
            text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff') || !IsWhole(text) ? throw Refused(at, "a control character can't be written in a rule") : text;

        private static bool IsWhole(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (!char.IsSurrogate(text[i])) continue;
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
                i++;
            }
            return true;
        }

        private string Select(IEnumerable<string> lines)
        {
            List<string> written = [.. lines];
            var name = "selection" + (++_count == 1 ? "" : "_" + _count.ToString(CultureInfo.InvariantCulture));
            Selections.Append("    ").Append(name).Append(":\n");
            foreach (var line in written) Selections.Append(line).Append('\n');
            return name;
        }

        private static string Joined(List<string> parts, string by, bool inner) => parts.Count == 1 ? parts[0] : inner ? $"({string.Join(by, parts)})" : string.Join(by, parts);

        private RefusedTest Refused(EventFilter at, Phrase message)
        {
            var place = places.TryGetValue(at, out var known) ? known : new QuerySpan(0, 1);
            return new RefusedTest(new QueryFault(place.Position, place.Length, message));
        }

        private static string Scalar(string text) => Quote(text);
    }
}
