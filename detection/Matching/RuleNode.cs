using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>A node of a compiled rule.</summary>
internal abstract class RuleNode
{
    public abstract bool Test(EventView view);

    /// <summary>Adds where a node that holds matched.</summary>
    public virtual void Explain(EventView view, string selection, List<MatchedField> found) { }

    /// <summary>Every one holds for each event that passes; none where nothing is certain.</summary>
    public virtual IReadOnlyList<Cover> Covers => [];

    /// <summary>What a test takes, in rough tens of nanoseconds: of a conjunction the cheap parts are asked first.</summary>
    public abstract int Effort { get; }
}

internal sealed class AndNode(RuleNode[] parts) : RuleNode
{
    private readonly RuleNode[] _byEffort = [.. parts.OrderBy(static p => p.Effort)];

    public override bool Test(EventView view)
    {
        foreach (var part in _byEffort)
            if (!part.Test(view)) return false;
        return true;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var part in parts) part.Explain(view, selection, found);
    }

    public override IReadOnlyList<Cover> Covers { get; } = Cover.OfAll(parts.Select(static p => p.Covers));

    public override int Effort { get; } = parts.Sum(static p => p.Effort);
}

internal sealed class OrNode(RuleNode[] parts) : RuleNode
{
    private readonly RuleNode[] _byEffort = [.. parts.OrderBy(static p => p.Effort)];

    public override bool Test(EventView view)
    {
        foreach (var part in _byEffort)
            if (part.Test(view)) return true;
        return false;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var part in parts)
            if (part.Test(view)) part.Explain(view, selection, found);
    }

    public override IReadOnlyList<Cover> Covers { get; } = Cover.OfAny([.. parts.Select(static p => p.Covers)]);

    public override int Effort { get; } = parts.Sum(static p => p.Effort);
}

internal sealed class NotNode(RuleNode part) : RuleNode
{
    public override bool Test(EventView view) => !part.Test(view);

    public override int Effort => part.Effort;
}

/// <summary>A search identifier: gives its name to what matched in it.</summary>
internal sealed class SelectionNode(string name, RuleNode item) : RuleNode
{
    public override bool Test(EventView view) => item.Test(view);

    public override void Explain(EventView view, string selection, List<MatchedField> found) => item.Explain(view, name, found);

    public override IReadOnlyList<Cover> Covers => item.Covers;

    public override int Effort => item.Effort;
}
