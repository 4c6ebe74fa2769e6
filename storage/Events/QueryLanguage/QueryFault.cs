namespace Beacon.Events.QueryLanguage;

/// <summary>What is wrong in a query text, and where.</summary>
/// <param name="Position">First character, from 0.</param>
public sealed record QueryFault(int Position, int Length, Phrase Message);

internal sealed class QueryFaultException(int position, int length, Phrase message) : Exception(message.ToString())
{
    public QueryFault Fault { get; } = new(position, length, message);
}
