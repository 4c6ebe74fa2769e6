namespace Beacon.Detections.Matching;

/// <summary>
/// Rules of one log source with the index over their needles. Where many of them ask one field for whole values (the event id of a
/// Windows channel, the action of an audit log), they are divided by these, and each part has an index of what its rules ask besides.
/// </summary>
internal sealed class RuleGroup
{
    /// <summary>So many rules must ask the same field to divide them by it.</summary>
    private const int DivideFrom = 6;

    /// <summary>Fields in a row that rules are divided by.</summary>
    private const int MaxDepth = 2;

    private readonly int[] _fields;
    private readonly NeedleIndex[] _indexes;
    private readonly int[][][] _rules;
    private readonly NeedleIndex? _anyField;
    private readonly int[][] _anyFieldRules = [];
    private readonly int[] _always;
    private readonly int _divided = -1;
    private readonly ByteMap<RuleGroup>? _parts;

    private sealed record Member(int Ordinal, IReadOnlyList<Cover> Covers);

    public RuleGroup(IReadOnlyList<CompiledRule> rules) : this([.. rules.Select(static r => new Member(r.Ordinal, r.Root!.Covers))], 0) { }

    private RuleGroup(IReadOnlyList<Member> members, int depth)
    {
        var rest = members;
        if (depth < MaxDepth && FieldToDivideBy(members) is { } field)
        {
            _divided = field;
            (_parts, rest) = Divide(members, field, depth);
        }
        var always = new List<int>();
        var atoms = new List<(CoverAtom Atom, int Rule)>();
        foreach (var member in rest)
        {
            if (Cover.Best(member.Covers) is not { } cover) always.Add(member.Ordinal);
            else foreach (var atom in cover.Atoms) atoms.Add((atom, member.Ordinal));
        }
        _always = [.. always];
        AlwaysEvaluated = _always.Length;
        var byField = atoms.Where(static a => a.Atom.Field >= 0).GroupBy(static a => a.Atom.Field).ToArray();
        _fields = [.. byField.Select(static g => g.Key)];
        _indexes = new NeedleIndex[byField.Length];
        _rules = new int[byField.Length][][];
        for (var i = 0; i < byField.Length; i++) (_indexes[i], _rules[i]) = Index(byField[i]);
        var any = atoms.Where(static a => a.Atom.Field < 0).ToArray();
        if (any.Length > 0) (_anyField, _anyFieldRules) = Index(any);
    }

    /// <summary>Rules that no needle stands for.</summary>
    public int AlwaysEvaluated { get; }

    public void Find(EventView view, Candidates candidates)
    {
        candidates.Add(_always);
        for (var i = 0; i < _fields.Length; i++)
        {
            for (var link = view.First(_fields[i]); link >= 0; link = view.Next(link))
            {
                var hits = new Hits(candidates, _rules[i]);
                _indexes[i].Find(view.Folded(view.EntryOf(link)), ref hits);
            }
        }
        if (_parts is not null)
        {
            for (var link = view.First(_divided); link >= 0; link = view.Next(link)) _parts.Find(view.Folded(view.EntryOf(link)))?.Find(view, candidates);
        }
        if (_anyField is null) return;
        var found = new Hits(candidates, _anyFieldRules);
        // What is found across the border of two values is a candidate too many, and no more.
        if (view.IsAscii) _anyField.FindInner(view.FoldedText, ref found);
        else for (var i = 0; i < view.Event.Count; i++) _anyField.FindInner(view.Folded(i), ref found);
    }

    private static int? FieldToDivideBy(IReadOnlyList<Member> members)
    {
        var most = members.SelectMany(static m => m.Covers.Select(static c => c.WholeField).Where(static f => f >= 0).Distinct()).CountBy(static f => f)
            .OrderByDescending(static f => f.Value).ThenBy(static f => f.Key).FirstOrDefault();
        return most.Value >= DivideFrom ? most.Key : null;
    }

    private static (ByteMap<RuleGroup>, List<Member>) Divide(IReadOnlyList<Member> members, int field, int depth)
    {
        var rest = new List<Member>();
        var parts = new Dictionary<byte[], List<Member>>(ByteComparer.Instance);
        foreach (var member in members)
        {
            if (member.Covers.FirstOrDefault(c => c.WholeField == field) is not { } asked)
            {
                rest.Add(member);
                continue;
            }
            var besides = member with { Covers = [.. member.Covers.Where(c => c.WholeField != field)] };
            foreach (var value in asked.Atoms.Select(static a => a.Needle.Text).Distinct(ByteComparer.Instance))
            {
                if (!parts.TryGetValue(value, out var part)) parts[value] = part = [];
                part.Add(besides);
            }
        }
        return (new ByteMap<RuleGroup>(parts.ToDictionary(static p => p.Key, p => new RuleGroup(p.Value, depth + 1))), rest);
    }

    private static (NeedleIndex, int[][]) Index(IEnumerable<(CoverAtom Atom, int Rule)> atoms)
    {
        var groups = atoms.GroupBy(static a => a.Atom.Needle, static a => a.Rule, NeedleComparer.Instance).ToArray();
        return (new NeedleIndex([.. groups.Select(static g => g.Key)]), [.. groups.Select(static g => g.Distinct().ToArray())]);
    }

    private readonly struct Hits(Candidates candidates, int[][] rules) : INeedleHits
    {
        public bool Take(int needle)
        {
            candidates.Add(rules[needle]);
            return false;
        }
    }
}
