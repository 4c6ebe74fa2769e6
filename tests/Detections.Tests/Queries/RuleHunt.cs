using System.Runtime.CompilerServices;
using Beacon.Detections.Matching;
using Beacon.Detections.Queries;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Tests.Queries;

/// <summary>Runs a rule over stored events: the store finds candidates, and the matcher of the stream decides where the store cannot.</summary>
internal sealed class RuleHunt
{
    private readonly IEventStore _store;
    private readonly RuleSet _set;
    private readonly List<CompiledRule> _matches = [];

    public RuleHunt(IEventStore store, SigmaRule rule, SigmaPipelines? pipelines = null)
    {
        _store = store;
        Query = RuleQuery.Of(rule, pipelines);
        _set = RuleSet.Compile([rule], pipelines);
    }

    public RuleQuery Query { get; }

    /// <summary>Events that the store gave, matching or not.</summary>
    public long Candidates { get; private set; }

    /// <summary>Candidates of which a test took too long; they count as not matching.</summary>
    public long Faulted { get; private set; }

    /// <summary>Matching events oldest first, in batches; a batch may be empty.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SecurityEvent>> FindAsync(TimeRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Query.BlindReason is not null) yield break;
        await foreach (var batch in _store.ScanAsync(new EventScan(Query.Filter, range), cancellation).ConfigureAwait(false))
        {
            Candidates += batch.Count;
            yield return Query.IsExact ? batch : [.. batch.Where(Matches)];
        }
    }

    private bool Matches(SecurityEvent e)
    {
        _matches.Clear();
        var faulted = new List<CompiledRule>(0);
        _set.Match(e, _matches, faulted);
        Faulted += faulted.Count;
        return _matches.Count > 0;
    }
}
