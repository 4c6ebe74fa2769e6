namespace Beacon.Detections.Matching;

/// <summary>The rules of one log source with the index over their needles.</summary>
internal sealed class RuleGroup
{
    private readonly (int Field, GramIndex Index)[] _fields;
    private readonly GramIndex? _anyField;
    private readonly int[] _always;

    public RuleGroup(IReadOnlyList<CompiledRule> rules)
    {
        var always = new List<int>();
        var atoms = new List<(CoverAtom Atom, int Rule)>();
        foreach (var rule in rules)
        {
            if (rule.Root!.Cover is not { } cover) always.Add(rule.Ordinal);
            else foreach (var atom in cover.Atoms) atoms.Add((atom, rule.Ordinal));
        }
        _always = [.. always];
        _fields = [.. atoms.Where(static a => a.Atom.Field >= 0).GroupBy(static a => a.Atom.Field)
            .Select(static g => (g.Key, new GramIndex(g.Select(static a => (a.Atom.Needle, a.Rule)))))];
        var any = atoms.Where(static a => a.Atom.Field < 0).ToArray();
        if (any.Length > 0) _anyField = new GramIndex(any.Select(static a => (a.Atom.Needle, a.Rule)));
    }

    /// <summary>Rules that no needle stands for.</summary>
    public int AlwaysEvaluated => _always.Length;

    public void Find(EventView view, Candidates candidates)
    {
        candidates.Add(_always);
        foreach (var (field, index) in _fields)
            for (var link = view.First(field); link >= 0; link = view.Next(link)) index.Find(view.Folded(view.EntryOf(link)), candidates);
        if (_anyField is null) return;
        for (var i = 0; i < view.Event.Count; i++) _anyField.Find(view.Folded(i), candidates);
    }
}
