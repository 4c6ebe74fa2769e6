using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Tests.Corpora;

/// <summary>The corpus of rules, read and compiled once for all tests.</summary>
internal static class SigmaCorpus
{
    private static readonly Lazy<IReadOnlyList<SigmaReadResult>> Lazily = new(() =>
        [.. Directory.EnumerateFiles(Shared.Find("corpora/sigma"), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).AsParallel().AsOrdered().Select(static f => SigmaReader.ReadFile(f))]);

    private static readonly Lazy<RuleSet> LazySet = new(static () => RuleSet.Compile(Files.SelectMany(static f => f.Rules)));

    public static IReadOnlyList<SigmaReadResult> Files => Lazily.Value;
    public static RuleSet Rules => LazySet.Value;
}
