namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>
/// Which node is asked next: those that answered last, in turn. A node that failed is left alone for a while, twice as long each time, and then probed
/// beside the work; only when all have failed are they asked in earnest, the one that failed longest ago first.
/// </summary>
internal sealed class NodePool(IEnumerable<Uri> nodes, TimeSpan pause, TimeSpan pauseMost, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly ElasticNode[] _nodes = [.. nodes.Select(n => new ElasticNode(n))];
    private int _next;

    public int Count => _nodes.Length;

    /// <summary>Nodes that answered last.</summary>
    public int Alive
    {
        get { lock (_gate) return _nodes.Count(n => n.IsAlive); }
    }

    /// <summary>The nodes to try for one request, best first.</summary>
    public IReadOnlyList<ElasticNode> Order()
    {
        lock (_gate)
        {
            var from = _next = (_next + 1) % _nodes.Length;
            var turn = Enumerable.Range(0, _nodes.Length).Select(i => _nodes[(from + i) % _nodes.Length]).ToList();
            var alive = turn.Where(n => n.IsAlive).ToList();
            return alive.Count > 0 ? alive : [.. turn.OrderBy(n => n.PausedUntil)];
        }
    }

    /// <summary>Failed nodes whose pause is over; each is given out once until its probe ended.</summary>
    public IReadOnlyList<ElasticNode> DueForProbe()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var due = _nodes.Where(n => !n.IsAlive && !n.Probing && n.PausedUntil <= now).ToList();
            foreach (var node in due) node.Probing = true;
            return due;
        }
    }

    /// <returns>True where it had failed before.</returns>
    public bool Answered(ElasticNode node)
    {
        lock (_gate)
        {
            var back = node.Failures > 0;
            (node.Failures, node.Probing) = (0, false);
            return back;
        }
    }

    /// <returns>True where it answered before.</returns>
    public bool Failed(ElasticNode node)
    {
        lock (_gate)
        {
            var first = node.Failures == 0;
            node.Failures = Math.Min(node.Failures + 1, 30);
            node.Probing = false;
            var span = TimeSpan.FromTicks(Math.Min(pauseMost.Ticks, (long)Math.Min(pause.Ticks * Math.Pow(2, node.Failures - 1), pauseMost.Ticks)));
            node.PausedUntil = clock.GetUtcNow() + span;
            return first;
        }
    }
}
