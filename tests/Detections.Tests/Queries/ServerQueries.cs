namespace Beacon.Detections.Tests.Queries;

/// <summary>
/// Tests that ask a server beside them thousands of questions run alone, after the others: with two cores for both, the server would
/// not come to answer.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ServerQueries
{
    public const string Name = "queries to servers";
}
