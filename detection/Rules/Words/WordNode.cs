namespace Beacon.Detections.Rules.Words;

/// <summary>A condition on its way to words: negation stands at clauses only, and like is not nested in like.</summary>
internal abstract record WordNode;

/// <param name="Field">As the rule names it; null for words anywhere in the event.</param>
/// <param name="All">Every value holds; else one.</param>
/// <param name="AnyDash">Values that differ in the kind of dash only stand once.</param>
internal sealed record Clause(string? Field, Predicate Predicate, IReadOnlyList<string> Values, bool All, bool Cased, bool AnyDash, bool Negated) : WordNode;

internal sealed record AllOf(IReadOnlyList<WordNode> Parts) : WordNode;

internal sealed record OneOf(IReadOnlyList<WordNode> Parts) : WordNode;
