using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Parsers;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Web.Commands;
using Beacon.Web.Commands.Bench;
using BenchmarkDotNet.Attributes;

namespace Beacon.Benchmarks;

/// <summary>One event of a format against the shipped rules.</summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private readonly SecurityEvent _event = new(4096, 64);
    private readonly List<CompiledRule> _matches = [];
    private RuleSet _rules = RuleSet.Empty;

    public static IEnumerable<string> Formats => SampleLines.Formats.Select(f => f.Name);

    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        // Parsers declare the fields that rules bind to: they come first.
        var parsers = CollectorsModule.CreateParsers();
        _rules = RuleSet.Compile(RulePaths.Enumerate(Path.Combine(AppContext.BaseDirectory, "rules")).SelectMany(f => SigmaReader.ReadFile(f).Rules));
        if (_rules.Rules.Count == 0) throw new InvalidOperationException("no rule was found beside the program");
        var time = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
        var line = Encoding.UTF8.GetBytes(new SampleLines(7).Line(Format, time));
        if (!parsers.Parse(null, line, FrameInfo.At(time), _event, out _).Succeeded) throw new InvalidOperationException($"the line of {Format} is not read");
    }

    [Benchmark]
    public int Match()
    {
        _matches.Clear();
        _rules.Match(_event, _matches);
        return _matches.Count;
    }
}
