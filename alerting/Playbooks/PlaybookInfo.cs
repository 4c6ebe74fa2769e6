namespace Beacon.Alerting.Playbooks;

/// <summary>One fault of a playbook.</summary>
/// <param name="Code">Stable, "CACAO-017".</param>
/// <param name="Path">JSON path of the place ("$.workflow.action--….on_completion").</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record PlaybookFault(string Code, string Path, string Message);

/// <param name="File">File name without its directory.</param>
public sealed record PlaybookFileFaults(string File, IReadOnlyList<PlaybookFault> Faults);

/// <summary>A playbook that was read without fault and can be run.</summary>
/// <param name="Id">CACAO id, "playbook--…".</param>
/// <param name="Modified">Its version, as CACAO counts them.</param>
/// <param name="Steps">Steps that do something: start and end do not count.</param>
/// <param name="Techniques">ATT&amp;CK ids it answers ("T0855"), from its external references and labels.</param>
/// <param name="Labels">All labels; "category:…" and "rule:…" tie it to warning categories and rules.</param>
public sealed record PlaybookInfo(
    string Id, string Name, string Description, DateTimeOffset Modified, string File, int Steps, int Priority,
    IReadOnlyList<string> Techniques, IReadOnlyList<string> Labels);

/// <param name="Score">Higher fits better.</param>
/// <param name="Why">"answers T0855; category unauthorised-control".</param>
public sealed record PlaybookOffer(PlaybookInfo Playbook, int Score, string Why);

/// <summary>What a playbook is sought for.</summary>
/// <param name="RuleIds">Rule ids and rule kinds ("silent-source"), as "rule:…" labels name them.</param>
public sealed record PlaybookNeed(IReadOnlyList<string> Techniques, string Category, IReadOnlyList<string> RuleIds);

/// <summary>A playbook as a picture: nodes in layers from left to right.</summary>
public sealed record PlaybookGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, int Layers);

/// <param name="Layer">Column, from 0: longest way from the start.</param>
/// <param name="Row">Place within the column, from 0.</param>
/// <param name="Label">"1", "4a": the step's number as people say it; "" for start and end.</param>
/// <param name="Type">CACAO step type: "start", "end", "action", "if-condition", "parallel".</param>
/// <param name="Command">"manual" or "http-api" of an action, else "".</param>
public sealed record GraphNode(string StepId, string Type, string Name, string Description, string Label, string Command, int Layer, int Row);

/// <param name="Kind">"completion", "success", "failure", "true", "false", "branch", "join".</param>
public sealed record GraphEdge(string From, string To, string Kind);

/// <summary>Playbooks at hand: the shipped ones and those of the data directory.</summary>
public interface IPlaybookLibrary
{
    IReadOnlyList<PlaybookInfo> All { get; }

    /// <summary>Files that were refused, with every fault.</summary>
    IReadOnlyList<PlaybookFileFaults> Refused { get; }
    PlaybookInfo? Find(string id);
    PlaybookGraph? Graph(string id);

    /// <summary>Playbooks that answer the need, best first, at most ten.</summary>
    IReadOnlyList<PlaybookOffer> Offer(PlaybookNeed need);

    /// <summary>Reads all files again; the set is swapped whole.</summary>
    void Reload();
}

/// <summary>Checks a playbook without keeping it.</summary>
public interface IPlaybookValidator
{
    /// <summary>Every fault of the document; none where it can be run here.</summary>
    IReadOnlyList<PlaybookFault> Check(ReadOnlyMemory<byte> json);
}
