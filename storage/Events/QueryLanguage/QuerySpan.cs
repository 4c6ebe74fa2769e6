namespace Beacon.Events.QueryLanguage;

/// <summary>A part of a query text.</summary>
/// <param name="Position">First character, from 0.</param>
public readonly record struct QuerySpan(int Position, int Length);
