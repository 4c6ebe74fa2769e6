using System.Globalization;
using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Events;

namespace Beacon.Web.Commands.Scan;

/// <summary>Parses blocks and matches rules on their events. One a thread.</summary>
/// <param name="rules">What is shown of each rule; those that a correlation silences are not among them.</param>
/// <param name="run">Takes what correlations count.</param>
internal sealed class ScanWorker(
    RuleSet set, IReadOnlyDictionary<CompiledRule, ScanRule> rules, CorrelationSet correlations, CorrelationRun run, ParserCatalog parsers, string format, ScanFilter filter, bool explain)
{
    /// <summary>Events that one block may hold: its place in the run and the event's place in it make the event's place among all.</summary>
    private const int MaxEvents = 1 << 24;

    // Whatever order the engine finds them in, the output's is one.
    private static readonly Comparison<CompiledRule> BySeverity = static (a, b) =>
        b.Rule.Level.CompareTo(a.Rule.Level) is not 0 and var order ? order : string.CompareOrdinal(a.Rule.Id, b.Rule.Id);

    private readonly EventBlockReader _reader = new(parsers, format);
    private readonly List<CompiledRule> _matches = [];
    private ScanBlock _block = null!;
    private int _index;

    public void Read(ScanBlock block)
    {
        block.Clear();
        (_block, _index) = (block, 0);
        block.Summary = _reader.Read(block.Block, Match, block.Faults.Add);
    }

    private void Match(SecurityEvent e, long number)
    {
        var index = _index++;
        if (_block.Block.File.IsEvtx) _block.Numbers.Add(number);
        if (!filter.Holds(e.Timestamp))
        {
            _block.Outside++;
            return;
        }
        _matches.Clear();
        set.Match(e, _matches);
        if (_matches.Count > 1) _matches.Sort(BySeverity);
        foreach (var match in _matches)
        {
            if (correlations.IsUsed(match))
            {
                e.Sequence = (_block.Sequence * MaxEvents) + index + 1;
                run.Observe(match, e, string.Create(CultureInfo.InvariantCulture, $"{_block.Block.File.Name}#{number}"));
            }
            if (match.Rule.Level < filter.Least || !rules.TryGetValue(match, out var shown)) continue;
            _block.Hits.Add(new ScanHit(index, number, shown, e.Timestamp, e.GetText(Field.HostName) ?? "", explain ? set.Explain(e, match) : []));
        }
    }
}
