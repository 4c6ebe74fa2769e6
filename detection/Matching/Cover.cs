namespace Beacon.Detections.Matching;

/// <summary>A needle in a field, or in any value where <paramref name="Field"/> is -1.</summary>
internal sealed record CoverAtom(int Field, Needle Needle)
{
    public const int AnyField = -1;
}

/// <summary>
/// Needles of which at least one stands in every event that a rule can match: the rule is looked at only when one is found. The
/// cost estimates how often that happens by chance; of several covers of a conjunction the cheapest is kept.
/// </summary>
internal sealed record Cover(IReadOnlyList<CoverAtom> Atoms, double Cost)
{
    /// <summary>Atoms of one cover; a rule that needs more is looked at for every event of its log source.</summary>
    public const int MaxAtoms = 5_000;

    public static readonly Cover Never = new([], 0);

    public static Cover? Of(FieldReader? field, ValueTest test)
    {
        if (test.Needle is not { } needle) return null;
        if (field is null) return needle.Text.Length < GramIndex.GramLength ? null : new Cover([new CoverAtom(CoverAtom.AnyField, needle)], CostOf(needle) * 4);
        if (needle.Text.Length == 0 && !needle.IsWhole) return null;
        return new Cover([.. field.Ids.Select(id => new CoverAtom(id, needle))], CostOf(needle) * field.Ids.Length);
    }

    public static Cover? Best(IEnumerable<Cover?> covers) => covers.Where(static c => c is not null).MinBy(static c => c!.Cost);

    public static Cover? Union(IEnumerable<Cover?> covers)
    {
        var atoms = new List<CoverAtom>();
        var cost = 0.0;
        foreach (var cover in covers)
        {
            if (cover is null) return null;
            atoms.AddRange(cover.Atoms);
            cost += cover.Cost;
            if (atoms.Count > MaxAtoms) return null;
        }
        return new Cover(atoms, cost);
    }

    private static double CostOf(Needle needle)
    {
        var length = needle.Text.Length;
        if (needle.IsWhole) return length <= 5 ? 0.03 : 0.01;
        // A program's name at the end of a path is found as often as the program runs.
        if (needle.AtEnd) return length < GramIndex.GramLength ? 0.2 : needle.Text[0] == '\\' || needle.Text[0] == '/' ? 0.02 : 0.05;
        if (length < GramIndex.GramLength) return 0.5;
        return Math.Max(0.001, 0.3 * Math.Pow(0.7, length - GramIndex.GramLength));
    }
}
