using System.Text.Json.Serialization;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>How bad a fault of a rule file is: only an error keeps the rule out.</summary>
public enum FaultSeverity
{
    Info,
    Warning,
    Error,
}

/// <summary>Something wrong with a rule document, at its place.</summary>
/// <param name="File">Path as it was given to the reader.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Code">One of <see cref="FaultCodes"/>; stable, for machines.</param>
/// <param name="Hint">How to mend it, or empty.</param>
public sealed record SigmaFault(string File, int Line, int Column, string Code, FaultSeverity Severity, Phrase Message, Phrase Hint)
{
    /// <summary>What would mend it, where the reader knows; null where only the writer does.</summary>
    [JsonIgnore]
    public FaultRemedy? Remedy { get; init; }

    /// <summary>The whole of it in one line, as commands print it.</summary>
    [JsonIgnore]
    public Phrase Said
    {
        get
        {
            var severity = Severity.ToString().ToLowerInvariant();
            return Hint.IsEmpty ? (Phrase)$"{File}:{Line}:{Column}: {severity} {Code}: {Message}" : $"{File}:{Line}:{Column}: {severity} {Code}: {Message} ({Hint})";
        }
    }

    public override string ToString() => Said.ToString();
}

/// <summary>Stable names of the faults that readers report.</summary>
public static class FaultCodes
{
    public const string Yaml = "yaml";
    public const string TooLarge = "too-large";
    public const string Structure = "structure";
    public const string Missing = "missing";
    public const string Unknown = "unknown";
    public const string Duplicate = "duplicate";
    public const string Value = "value";
    public const string Modifier = "modifier";
    public const string Condition = "condition";
    public const string Deprecated = "deprecated";
    public const string Unsupported = "unsupported";
    public const string Placeholder = "placeholder";
    public const string LogSource = "logsource";
    public const string Unreadable = "unreadable";
    public const string Case = "case";
    public const string Field = "field";
}
