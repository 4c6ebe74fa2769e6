using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;

namespace Beacon.Detections.Rules;

/// <summary>Rules read from files and compiled, for commands that run beside no catalog.</summary>
/// <param name="Rules">Every sound rule, filters applied.</param>
/// <param name="Faults">Everything that is wrong with the files, in their order.</param>
public sealed record RuleLoad(RuleSet Set, IReadOnlyList<SigmaRule> Rules, IReadOnlyList<SigmaFault> Faults)
{
    /// <summary>Faults because of which a document gave no rule.</summary>
    public int Refused => Faults.Count(static f => f.Severity == FaultSeverity.Error);

    /// <summary>Reads the files on all cores and compiles what is sound.</summary>
    public static RuleLoad From(IReadOnlyList<string> files, SigmaReaderOptions? options = null, SigmaPipelines? pipelines = null)
    {
        var read = new SigmaReadResult[files.Count];
        Parallel.For(0, files.Count, i => read[i] = SigmaReader.ReadFile(files[i], options));
        SigmaRule[] rules = [.. read.SelectMany(static r => r.Rules)];
        return new RuleLoad(RuleSet.Compile(rules, pipelines), rules, [.. read.SelectMany(static r => r.Faults)]);
    }
}
