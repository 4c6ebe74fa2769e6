namespace Beacon.Web.Surroundings;

/// <summary>One process of a tree, in the order in which it is drawn.</summary>
/// <param name="Depth">From 0, the eldest ancestor found.</param>
/// <param name="Subject">The process that was asked for.</param>
/// <param name="EventId">The event of its start; null where only its child names it.</param>
public sealed record ProcessNode(int Depth, bool Subject, string Name, string Executable, string CommandLine, string User, DateTimeOffset? Started, string? EventId);

/// <summary>The processes around one event: its ancestors, those beside it, and what it started.</summary>
/// <param name="Cut">There is more than is shown.</param>
public sealed record ProcessTree(string Host, IReadOnlyList<ProcessNode> Nodes, bool Cut);
