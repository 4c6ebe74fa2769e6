namespace Beacon.Detections.Matching;

/// <summary>A needle in a field, given by its slot, or in any value where <paramref name="Field"/> is -1.</summary>
internal sealed record CoverAtom(int Field, Needle Needle)
{
    public const int AnyField = -1;
}

/// <summary>
/// Needles of which at least one stands in every event that a rule can match: the rule is looked at only when one is found. A rule may
/// have several covers; each holds. The cost estimates how often one of the needles is found by chance.
/// </summary>
internal sealed record Cover(IReadOnlyList<CoverAtom> Atoms, double Cost)
{
    /// <summary>Atoms of one cover; a rule that needs more is looked at for every event of its log source.</summary>
    public const int MaxAtoms = 5_000;

    /// <summary>Covers kept of a conjunction, the cheapest ones.</summary>
    private const int MaxOfAll = 12;

    public static readonly Cover Never = new([], 0);

    /// <summary>The one field of which it asks whole values, or -1.</summary>
    public int WholeField { get; } = Atoms.Count > 0 && Atoms[0].Field >= 0 && Atoms.All(a => a.Field == Atoms[0].Field && a.Needle.IsWhole) ? Atoms[0].Field : -1;

    public static Cover? Of(FieldReader? field, ValueTest test)
    {
        if (test.Needle is not { } needle) return null;
        if (field is null) return needle.AtStart || needle.AtEnd || needle.Text.Length < FourBytes.Length ? null : new Cover([new CoverAtom(CoverAtom.AnyField, needle)], CostOf(needle) * 4);
        if (needle.Text.Length == 0 && !needle.IsWhole) return null;
        return new Cover([.. field.Slots.Select(slot => new CoverAtom(slot, needle))], CostOf(needle) * field.Slots.Length);
    }

    public static Cover? Best(IEnumerable<Cover> covers) => covers.MinBy(static c => c.Cost);

    /// <summary>Covers of something all of whose parts hold.</summary>
    public static IReadOnlyList<Cover> OfAll(IEnumerable<IReadOnlyList<Cover>> parts)
    {
        var all = parts.SelectMany(static p => p).ToArray();
        return all.Length <= MaxOfAll ? all : [.. all.OrderBy(static c => c.WholeField >= 0 ? -1 : c.Cost).Take(MaxOfAll)];
    }

    /// <summary>Covers of something of which one part holds: the cheapest of each together, and those that ask whole values of one field.</summary>
    public static IReadOnlyList<Cover> OfAny(IReadOnlyList<IReadOnlyList<Cover>> parts)
    {
        if (parts.Count == 0 || parts.Any(static p => p.Count == 0)) return [];
        var covers = new List<Cover>();
        var cheapest = Union(parts.Select(static p => Best(p)!));
        if (cheapest is not null) covers.Add(cheapest);
        foreach (var field in parts[0].Select(static c => c.WholeField).Where(static f => f >= 0).Distinct())
        {
            if (cheapest?.WholeField == field) continue;
            var same = parts.Select(p => p.FirstOrDefault(c => c.WholeField == field)).ToArray();
            if (!same.Contains(null) && Union(same!) is { } union) covers.Add(union);
        }
        return covers;
    }

    private static Cover? Union(IEnumerable<Cover> covers)
    {
        var atoms = new List<CoverAtom>();
        var cost = 0.0;
        foreach (var cover in covers)
        {
            atoms.AddRange(cover.Atoms);
            cost += cover.Cost;
            if (atoms.Count > MaxAtoms) return null;
        }
        return new Cover(atoms, cost);
    }

    private static double CostOf(Needle needle)
    {
        var length = needle.Text.Length;
        // Short whole values are flags, types and numbers, which repeat.
        if (needle.IsWhole) return length <= 2 ? 0.3 : length <= 5 ? 0.1 : 0.03;
        if (needle.AtEnd && needle.Text[0] != '\\' && needle.Text[0] != '/') return length <= FourBytes.Length ? 0.4 : 0.05;
        // A program's name at the end of a path is found as often as the program runs.
        if (needle.AtEnd) return length < FourBytes.Length ? 0.2 : 0.02;
        if (length < FourBytes.Length) return 0.5;
        return Math.Max(0.001, 0.3 * Math.Pow(0.7, length - FourBytes.Length));
    }
}
