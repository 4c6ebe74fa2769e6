using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>A filter in the words of the query language, for reading; what that can't say is left out.</summary>
internal static class FilterText
{
    private const int MaxLength = 200;

    public static string Of(EventFilter filter)
    {
        var text = Write(filter, inner: false);
        return text.Length <= MaxLength ? text : text[..MaxLength] + "…";
    }

    private static string Write(EventFilter filter, bool inner) => filter switch
    {
        FieldFilter f => f.Test switch
        {
            FieldTest.Equals or FieldTest.Wildcard or FieldTest.Cidr => $"{f.Field}:{f.Value}",
            FieldTest.Contains => $"{f.Field}:*{f.Value}*",
            FieldTest.StartsWith => $"{f.Field}:{f.Value}*",
            FieldTest.EndsWith => $"{f.Field}:*{f.Value}",
            FieldTest.Less => $"{f.Field}:<{f.Value}",
            FieldTest.LessOrEqual => $"{f.Field}:<={f.Value}",
            FieldTest.Greater => $"{f.Field}:>{f.Value}",
            FieldTest.GreaterOrEqual => $"{f.Field}:>={f.Value}",
            _ => $"{f.Field}:*",
        },
        TextFilter t => t.Text,
        NotFilter n => "NOT " + Write(n.Part, inner: true),
        AndFilter a => Join(a.Parts, " AND ", inner),
        OrFilter o => Join(o.Parts, " OR ", inner),
        _ => "…",
    };

    private static string Join(IReadOnlyList<EventFilter> parts, string by, bool inner)
    {
        var text = string.Join(by, parts.Take(6).Select(static p => Write(p, inner: true))) + (parts.Count > 6 ? by + "…" : "");
        return inner && parts.Count > 1 ? $"({text})" : text;
    }
}
