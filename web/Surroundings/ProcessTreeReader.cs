using Beacon.Events;

namespace Beacon.Web.Surroundings;

/// <summary>Reads the processes around an event from the store: at most <see cref="MaxAncestors"/> up, <see cref="MaxChildren"/> beside and two generations down, a day around the event.</summary>
public sealed class ProcessTreeReader(IEventStore store)
{
    public const int MaxAncestors = 8;
    public const int MaxChildren = 12;
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);

    /// <returns>Null where the event names no process.</returns>
    public async Task<ProcessTree?> ReadAsync(SecurityEvent e, CancellationToken cancellation)
    {
        if (ProcessSight.Of(e) is not { } seen) return null;
        var range = new TimeRange(e.Timestamp - Around, e.Timestamp + Around);
        var subject = seen.IsStart ? seen : await StartAsync(seen.Host, seen.Key, range with { To = e.Timestamp.AddMilliseconds(1) }, cancellation) ?? seen;
        var ancestors = new List<ProcessSight>();
        for (var at = subject; ancestors.Count < MaxAncestors && at.Parent is { } parent && !ancestors.Exists(a => parent.Same(a.Key));)
        {
            if (await StartAsync(at.Host, parent, range with { To = at.Time.AddMilliseconds(1) }, cancellation) is not { } start || start.Id == at.Id) break;
            ancestors.Insert(0, start);
            at = start;
        }
        var nodes = new List<ProcessNode>();
        var top = ancestors.Count > 0 ? ancestors[0] : subject;
        if (top.ParentName.Length > 0) nodes.Add(new ProcessNode(0, false, top.ParentName, top.ParentExecutable, top.ParentCommandLine, "", null, null));
        foreach (var a in ancestors) nodes.Add(Node(a, nodes.Count, false));

        var depth = nodes.Count;
        var beside = await ChildrenAsync(subject.Host, subject.Parent is { } p ? [p] : [], range, cancellation);
        var cut = beside.Count > MaxChildren;
        List<ProcessSight> level = [.. beside.Where(b => !Same(b, subject)).Take(MaxChildren - 1).Append(subject).OrderBy(b => b.Time)];
        var children = await ChildrenAsync(subject.Host, subject.Key is { } key ? [key] : [], range, cancellation);
        cut |= children.Count > MaxChildren;
        children = [.. children.Where(c => !Same(c, subject)).Take(MaxChildren)];
        var below = await ChildrenAsync(subject.Host, [.. children.Select(c => c.Key).OfType<ProcessKey>()], range, cancellation);
        cut |= below.Count > MaxChildren;
        below = [.. below.Take(MaxChildren)];
        foreach (var b in level)
        {
            nodes.Add(Node(b, depth, Same(b, subject)));
            if (!Same(b, subject)) continue;
            foreach (var c in children)
            {
                nodes.Add(Node(c, depth + 1, false));
                nodes.AddRange(below.Where(g => c.Key?.Same(g.Parent) == true && !Same(g, c)).Select(g => Node(g, depth + 2, false)));
            }
        }
        return new ProcessTree(subject.Host, nodes, cut);
    }

    private static bool Same(ProcessSight a, ProcessSight b) => a.Id == b.Id || (a.Key is { } key && key.Same(b.Key) && a.IsStart == b.IsStart && a.Time == b.Time);

    private static ProcessNode Node(ProcessSight s, int depth, bool subject) => new(depth, subject, s.Name, s.Executable, s.CommandLine, s.User, s.IsStart ? s.Time : null, s.Id.ToString());

    private async Task<ProcessSight?> StartAsync(string host, ProcessKey? key, TimeRange range, CancellationToken cancellation) =>
        key is null ? null : (await FindAsync(host, key.Filter(asParent: false), range, 1, oldestFirst: false, cancellation)).FirstOrDefault();

    private Task<List<ProcessSight>> ChildrenAsync(string host, IReadOnlyList<ProcessKey> parents, TimeRange range, CancellationToken cancellation) =>
        parents.Count == 0 ? Task.FromResult(new List<ProcessSight>()) : FindAsync(host, parents.Count == 1 ? parents[0].Filter(asParent: true) : new OrFilter([.. parents.Select(p => p.Filter(asParent: true))]), range, MaxChildren + 1, oldestFirst: true, cancellation);

    private async Task<List<ProcessSight>> FindAsync(string host, EventFilter who, TimeRange range, int limit, bool oldestFirst, CancellationToken cancellation)
    {
        var filter = EventFilter.And(EventFilter.Equal("host.name", host), EventFilter.Equal("event.category", "process"), EventFilter.Equal("event.type", "start"), who);
        var page = await store.SearchAsync(new EventQuery { Filter = filter, Range = range, Limit = limit, OldestFirst = oldestFirst }, cancellation);
        return [.. page.Events.Select(ProcessSight.Of).OfType<ProcessSight>()];
    }
}
