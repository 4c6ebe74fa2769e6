using System.Collections.Immutable;
using Beacon.Events;

namespace Beacon.Detections.Sigma.LogSources;

internal enum SourceTestKind
{
    /// <summary>A value of the field equals one of the texts, without case.</summary>
    Equal,
    /// <summary>A value of the field ends with one of the texts, without case.</summary>
    EndsWith,
    Present,
    Absent,
}

/// <summary>One condition on an event of a log source.</summary>
internal sealed record SourceTest(string Field, SourceTestKind Kind, ImmutableArray<string> Values)
{
    public static SourceTest Equal(string field, params string[] values) => new(field, SourceTestKind.Equal, [.. values]);
    public static SourceTest EndsWith(string field, params string[] values) => new(field, SourceTestKind.EndsWith, [.. values]);
    public static SourceTest Present(string field) => new(field, SourceTestKind.Present, []);
    public static SourceTest Absent(string field) => new(field, SourceTestKind.Absent, []);

    public override string ToString() => $"{Field} {Kind} {string.Join('|', Values)}";
}

/// <summary>What a Sigma log source means for our events.</summary>
/// <param name="Alternatives">An event belongs to it where all tests of one alternative hold.</param>
/// <param name="Fields">The names under which events carry a rule's field; several count as one field with all their values. Empty: nothing feeds it.</param>
/// <param name="Blind">Why no event will ever come, or null.</param>
internal sealed record LogSourceBinding(ImmutableArray<ImmutableArray<SourceTest>> Alternatives, Func<string, IReadOnlyList<string>> Fields, Phrase? Blind)
{
    /// <summary>Equal for log sources with the same tests, so that their rules share an index.</summary>
    public string Key { get; } = string.Join(" or ", Alternatives.Select(static a => string.Join(" and ", a)));

    public static LogSourceBinding None(Phrase reason) => new([], static name => [name], reason);
}
