using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Filters;
using Beacon.Detections.Sigma.Pipelines;

namespace Beacon.Detections.Rules;

/// <summary>Rules read from files and compiled, for commands that run beside no catalog.</summary>
/// <param name="Rules">Every sound rule, filters applied.</param>
/// <param name="Faults">Everything that is wrong with the files, in their order.</param>
public sealed record RuleLoad(RuleSet Set, IReadOnlyList<SigmaRule> Rules, IReadOnlyList<SigmaFault> Faults)
{
    /// <summary>The correlations over <see cref="Set"/>.</summary>
    public CorrelationSet Correlations { get; init; } = CorrelationSet.Empty;

    /// <summary>The filters that were read and applied.</summary>
    public IReadOnlyList<SigmaFilter> Filters { get; init; } = [];

    /// <summary>Faults because of which a document gave no rule.</summary>
    public int Refused => Faults.Count(static f => f.Severity == FaultSeverity.Error);

    /// <summary>Reads the files on all cores and compiles what is sound.</summary>
    public static RuleLoad From(IReadOnlyList<string> files, SigmaReaderOptions? options = null, SigmaPipelines? pipelines = null)
    {
        var read = new SigmaReadResult[files.Count];
        Parallel.For(0, files.Count, i => read[i] = SigmaReader.ReadFile(files[i], options));
        var faults = read.SelectMany(static r => r.Faults).ToList();
        SigmaFilter[] filters = [.. read.SelectMany(static r => r.Filters)];
        var rules = SigmaFilters.Apply([.. read.SelectMany(static r => r.Rules)], filters, faults);
        var set = RuleSet.Compile(rules, pipelines);
        var correlations = CorrelationSet.Compile(set, rules, [.. read.SelectMany(static r => r.Correlations)]);
        faults.AddRange(correlations.Faults);
        return new RuleLoad(set, rules, faults) { Correlations = correlations, Filters = filters };
    }
}
