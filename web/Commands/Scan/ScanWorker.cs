using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers;
using Beacon.Detections.Matching;
using Beacon.Events;

namespace Beacon.Web.Commands.Scan;

/// <summary>Parses blocks and matches rules on their events. One a thread.</summary>
internal sealed class ScanWorker(RuleSet set, ParserCatalog parsers, string format, ScanFilter filter, bool explain)
{
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
            if (match.Rule.Level < filter.Least) continue;
            _block.Hits.Add(new ScanHit(index, number, match, e.Timestamp, e.GetText(Field.HostName) ?? "", explain ? set.Explain(e, match) : []));
        }
    }
}
