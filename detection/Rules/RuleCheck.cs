using System.Text;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Conventions;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>A kind of finding.</summary>
/// <param name="Says">What it means, in one sentence.</param>
public sealed record FindingKind(string Code, FaultSeverity Severity, string Says);

/// <summary>
/// Reads rules and looks at them as a reviewer would: what is refused (errors), what can match nothing (blind), and what breaks the
/// conventions of SigmaHQ (warnings and notes).
/// </summary>
/// <param name="Rules">Rules that are sound.</param>
/// <param name="Blind">Those of them that no event can match.</param>
/// <param name="Findings">By file, in the order given, line and column.</param>
public sealed record RuleCheck(int Rules, int Blind, IReadOnlyList<SigmaFault> Findings)
{
    /// <summary>Code of the note on a rule that no event can match.</summary>
    public const string BlindCode = "blind";

    /// <summary>A rule was refused, or would not run beside another.</summary>
    public bool HasErrors => Findings.Any(static f => f.Severity == FaultSeverity.Error);

    /// <summary>Every kind of finding beyond the reader's own faults.</summary>
    public static IReadOnlyList<FindingKind> Kinds { get; } =
        [.. ConventionList.All.Select(static c => new FindingKind(c.Code, c.Severity, c.Asks)), new FindingKind(BlindCode, FaultSeverity.Info, "No event can match the rule: nothing feeds its log source or a field of it.")];

    /// <summary>Checks files, on all cores; a file named twice is read once.</summary>
    public static RuleCheck Run(IEnumerable<string> files, SigmaPipelines? pipelines = null, SigmaReaderOptions? options = null, CancellationToken cancellation = default)
    {
        string[] distinct = [.. files.DistinctBy(Path.GetFullPath)];
        var load = RuleLoad.From(distinct, options, pipelines);
        var compiled = load.Set.Rules.GroupBy(static r => (r.Rule.File, r.Rule.Line)).ToDictionary(static g => g.Key, static g => g.First());
        var faults = load.Faults.ToLookup(static f => f.File);
        var looked = distinct.AsParallel().AsOrdered().WithCancellation(cancellation).Select(f => Look(f, [.. faults[f]], compiled)).ToList();
        var correlations = load.Correlations.Correlations;
        foreach (var correlation in correlations.Where(static c => c.BlindReason is not null && c.Rule.File.Length > 0))
            looked[Array.IndexOf(distinct, correlation.Rule.File)].Findings.Add(Blindness(correlation.Rule.File, new YamlMark(correlation.Rule.Line, 1), correlation.BlindReason!));
        CheckedDocument[] documents = [.. looked.SelectMany(static r => r.Documents)];
        foreach (var convention in ConventionList.All) convention.CheckAll(documents);
        return new RuleCheck(load.Set.Rules.Count + correlations.Count, load.Set.Rules.Count(static r => r.BlindReason is not null) + correlations.Count(static c => c.BlindReason is not null),
            [.. looked.SelectMany(static r => r.Findings.OrderBy(static f => f.Line).ThenBy(static f => f.Column).ThenBy(static f => f.Code, StringComparer.Ordinal))]);
    }

    private sealed record Looked(IReadOnlyList<CheckedDocument> Documents, List<SigmaFault> Findings);

    private static Looked Look(string file, List<SigmaFault> findings, Dictionary<(string, int), CompiledRule> compiled)
    {
        var documents = new List<CheckedDocument>();
        foreach (var document in findings.Any(static f => f.Code is FaultCodes.Unreadable or FaultCodes.TooLarge) ? [] : Documents(file))
        {
            if (document.Root is not YamlMap root) continue;
            var rule = compiled.GetValueOrDefault((file, document.FirstLine));
            var looked = new CheckedDocument(file, root, rule?.Rule, findings);
            documents.Add(looked);
            foreach (var convention in ConventionList.All) convention.Check(looked);
            if (rule?.BlindReason is { } reason) findings.Add(Blindness(file, (root.Find("logsource") ?? root).Mark, reason));
        }
        return new Looked(documents, findings);
    }

    private static SigmaFault Blindness(string file, YamlMark at, Phrase reason) => new(file, at.Line, at.Column, BlindCode, FaultSeverity.Info, $"no event can match: {reason}", "");

    private static IReadOnlyList<YamlDocument> Documents(string file)
    {
        try
        {
            // What is wrong with the YAML was reported by the reader of rules.
            return YamlReader.Read(File.ReadAllText(file), new FaultList(file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return [];
        }
    }
}
