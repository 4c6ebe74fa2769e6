using System.Text;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Conventions;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Yaml;

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
        var read = files.DistinctBy(Path.GetFullPath).AsParallel().AsOrdered().WithCancellation(cancellation).Select(f => Read(f, pipelines, options)).ToList();
        CheckedDocument[] documents = [.. read.SelectMany(static r => r.Documents)];
        foreach (var convention in ConventionList.All) convention.CheckAll(documents);
        return new RuleCheck(read.Sum(static r => r.Rules), read.Sum(static r => r.Blind),
            [.. read.SelectMany(static r => r.Findings.OrderBy(static f => f.Line).ThenBy(static f => f.Column).ThenBy(static f => f.Code, StringComparer.Ordinal))]);
    }

    private sealed record FileRead(int Rules, int Blind, IReadOnlyList<CheckedDocument> Documents, List<SigmaFault> Findings);

    private static FileRead Read(string file, SigmaPipelines? pipelines, SigmaReaderOptions? options)
    {
        var result = SigmaReader.ReadFile(file, options);
        var findings = result.Faults.ToList();
        var documents = new List<CheckedDocument>();
        var blind = 0;
        foreach (var document in result.Faults.Any(static f => f.Code is FaultCodes.Unreadable or FaultCodes.TooLarge) ? [] : Documents(file))
        {
            if (document.Root is not YamlMap root) continue;
            var rule = result.Rules.FirstOrDefault(r => r.Line == document.FirstLine);
            var looked = new CheckedDocument(file, root, rule, findings);
            documents.Add(looked);
            foreach (var convention in ConventionList.All) convention.Check(looked);
            if (rule is null || RuleSet.BlindReasonOf(rule, pipelines) is not { } reason) continue;
            blind++;
            looked.Report((root.Find("logsource") ?? root).Mark, BlindCode, FaultSeverity.Info, "no event can match: " + reason, "");
        }
        return new FileRead(result.Rules.Count, blind, documents, findings);
    }

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
