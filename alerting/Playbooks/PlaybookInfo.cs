using Beacon.Events;

namespace Beacon.Alerting.Playbooks;

/// <summary>What a finding means for the playbook.</summary>
public enum FaultGrade
{
    /// <summary>The document is faulty: it is refused.</summary>
    Faulty,
    /// <summary>The document is valid CACAO 2.0, and no run of it begins here.</summary>
    NotRun,
    /// <summary>Good to know; it hinders nothing.</summary>
    Told,
}

/// <summary>One fault of a playbook, or something to be told of it.</summary>
/// <param name="Code">Stable: "CACAO-110". 1xx are faults of the document, 2xx say what is not run here, 3xx hinder nothing.</param>
/// <param name="Path">JSON path of the place ("$.workflow.action--….on_completion").</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record PlaybookFault(string Code, string Path, Phrase Message)
{
    public FaultGrade Grade => Code.StartsWith("CACAO-2", StringComparison.Ordinal) ? FaultGrade.NotRun : Code.StartsWith("CACAO-3", StringComparison.Ordinal) ? FaultGrade.Told : FaultGrade.Faulty;
}

/// <param name="File">File name without its directory.</param>
public sealed record PlaybookFileFaults(string File, IReadOnlyList<PlaybookFault> Faults);

/// <summary>A playbook that was read without fault and can be run.</summary>
/// <param name="Id">CACAO id, "playbook--…".</param>
/// <param name="Modified">Its version, as CACAO counts them.</param>
/// <param name="Steps">Steps that do something: start and end do not count.</param>
/// <param name="Techniques">ATT&amp;CK ids it answers ("T0855"), from its external references and labels.</param>
/// <param name="Version">Of an imported playbook; 0 for a file.</param>
/// <param name="Labels">All labels; "category:…" and "rule:…" tie it to warning categories and rules.</param>
public sealed record PlaybookInfo(
    string Id, string Name, string Description, DateTimeOffset Modified, string File, int Steps, int Priority,
    IReadOnlyList<string> Techniques, IReadOnlyList<string> Labels, int Version = 0);

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
/// <param name="Type">CACAO step type: "start", "end", "action", "if-condition", …</param>
/// <param name="Command">Type of an action's first command, else "".</param>
public sealed record GraphNode(string StepId, string Type, string Name, string Description, string Label, string Command, int Layer, int Row);

/// <param name="Kind">"completion", "success", "failure", "true", "false", "branch", "case", "join", or "again" back to a while-condition.</param>
/// <param name="Label">Of a case: its value; else "".</param>
public sealed record GraphEdge(string From, string To, string Kind, string Label = "");

/// <summary>Playbooks at hand: the shipped ones and those of the data directory. Names and texts are in the language of the current UI culture where the playbook has it.</summary>
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
    /// <summary>Everything found; it can be run here where nothing is graded above <see cref="FaultGrade.Told"/>.</summary>
    IReadOnlyList<PlaybookFault> Check(ReadOnlyMemory<byte> json);
}
