using System.Collections.Immutable;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>Selections as tests of a log source, which choose among rules before any of them is looked at.</summary>
internal static class SourceTests
{
    public static readonly ImmutableArray<ImmutableArray<SourceTest>> Any = [[]];

    /// <summary>Alternatives of which one must hold whole, or null where the selection asks more than such tests can say.</summary>
    /// <param name="fields">The event's names for a field of the selection.</param>
    public static ImmutableArray<ImmutableArray<SourceTest>>? Of(SigmaItem item, Func<string, IReadOnlyList<string>> fields)
    {
        switch (item)
        {
            case AllItems all:
                var product = Any;
                foreach (var part in all.Parts)
                {
                    if (Of(part, fields) is not { } alternatives || Both(product, alternatives) is not { } both) return null;
                    product = both;
                }
                return product;
            case AnyItem any:
                var sum = ImmutableArray.CreateBuilder<ImmutableArray<SourceTest>>();
                foreach (var part in any.Parts)
                {
                    if (Of(part, fields) is not { } alternatives || sum.Count + alternatives.Length > PipelineLimits.Alternatives) return null;
                    sum.AddRange(alternatives);
                }
                return sum.ToImmutable();
            case FieldItem { Field: { } name, All: false, Cased: false, Negated: false } field when fields(name) is [var only] && only != Matching.FieldReader.TimestampName:
                return Test(only, field.Values) is { } test ? [[test]] : null;
            default:
                return null;
        }
    }

    /// <summary>Every alternative of the one with every one of the other; null where these are too many.</summary>
    public static ImmutableArray<ImmutableArray<SourceTest>>? Both(ImmutableArray<ImmutableArray<SourceTest>> one, ImmutableArray<ImmutableArray<SourceTest>> other) =>
        one.Length * other.Length > PipelineLimits.Alternatives ? null : [.. one.SelectMany(_ => other, static (a, b) => Join(a, b))];

    private static ImmutableArray<SourceTest> Join(ImmutableArray<SourceTest> one, ImmutableArray<SourceTest> other) =>
        one.IsEmpty ? other : [.. one, .. other.Where(t => !one.Any(o => o.ToString() == t.ToString()))];

    private static SourceTest? Test(string field, ImmutableArray<SigmaValue> values)
    {
        if (values is [ExistsValue exists]) return exists.Present ? SourceTest.Present(field) : SourceTest.Absent(field);
        var texts = values.Select(Literal).ToArray();
        if (!texts.Contains(null)) return SourceTest.Equal(field, texts!);
        var ends = values.Select(static v => v is PatternValue { Pattern.Parts: [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal } end] } ? end.Text : null).ToArray();
        return ends.Contains(null) ? null : SourceTest.EndsWith(field, ends!);
    }

    private static string? Literal(SigmaValue value) => value switch
    {
        PatternValue { Pattern.HasWildcards: false } text => text.Pattern.Text,
        NumberValue number => number.Text,
        BooleanValue flag => flag.Value ? "true" : "false",
        _ => null,
    };
}
