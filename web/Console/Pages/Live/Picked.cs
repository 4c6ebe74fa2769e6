namespace Beacon.Web.Console.Pages.Live;

/// <summary>Which alerts a person has marked for one decision, and from where a range goes on.</summary>
public sealed class Picked
{
    private readonly HashSet<long> _ids = [];
    private long _anchor;

    public int Count => _ids.Count;
    public IReadOnlySet<long> Ids => _ids;
    public bool Has(long id) => _ids.Contains(id);

    public void Toggle(long id)
    {
        if (!_ids.Remove(id)) _ids.Add(id);
        _anchor = id;
    }

    /// <summary>Marks everything from where the last mark was set up to here, in the order shown.</summary>
    public void Range(IReadOnlyList<long> shown, long to)
    {
        var (from, end) = (IndexOf(shown, _anchor), IndexOf(shown, to));
        if (end < 0) return;
        if (from < 0) from = end;
        for (var i = Math.Min(from, end); i <= Math.Max(from, end); i++) _ids.Add(shown[i]);
        _anchor = to;
    }

    /// <summary>Marks all; where all are marked already, none.</summary>
    public void All(IReadOnlyList<long> group)
    {
        if (group.All(_ids.Contains)) _ids.ExceptWith(group);
        else _ids.UnionWith(group);
    }

    /// <summary>Forgets what is no longer shown: nobody decides on what they can't see.</summary>
    public void Keep(IEnumerable<long> shown) => _ids.IntersectWith(shown);

    public void Clear()
    {
        _ids.Clear();
        _anchor = 0;
    }

    private static int IndexOf(IReadOnlyList<long> shown, long id)
    {
        for (var i = 0; i < shown.Count; i++) if (shown[i] == id) return i;
        return -1;
    }
}
