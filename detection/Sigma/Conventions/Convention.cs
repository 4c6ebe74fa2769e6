using Beacon.Events;

namespace Beacon.Detections.Sigma.Conventions;

/// <summary>Something that the conventions of SigmaHQ ask of a rule beyond what the language does. A rule that breaks one runs all the same.</summary>
/// <param name="code">Stable name, for machines.</param>
/// <param name="asks">What it asks, in one sentence.</param>
internal abstract class Convention(string code, FaultSeverity severity, string asks)
{
    public string Code => code;
    public FaultSeverity Severity => severity;
    public string Asks => asks;

    /// <summary>Looks at one document.</summary>
    public virtual void Check(CheckedDocument document) { }

    /// <summary>Looks at all documents of the run, in their order.</summary>
    public virtual void CheckAll(IReadOnlyList<CheckedDocument> documents) { }

    protected void Report(CheckedDocument document, Yaml.YamlMark at, Phrase message, Phrase? hint = null) => document.Report(at, code, severity, message, hint);
}
