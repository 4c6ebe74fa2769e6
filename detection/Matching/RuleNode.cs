using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>A node of a compiled rule.</summary>
internal abstract class RuleNode
{
    public abstract bool Test(EventView view);

    /// <summary>Adds where a node that holds matched.</summary>
    public virtual void Explain(EventView view, string selection, List<MatchedField> found) { }

    /// <summary>Needles of which one stands in every event that passes, or null where nothing is certain.</summary>
    public virtual Cover? Cover => null;
}

internal sealed class AndNode(RuleNode[] parts) : RuleNode
{
    public override bool Test(EventView view)
    {
        foreach (var part in parts)
            if (!part.Test(view)) return false;
        return true;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var part in parts) part.Explain(view, selection, found);
    }

    public override Cover? Cover { get; } = Matching.Cover.Best(parts.Select(static p => p.Cover));
}

internal sealed class OrNode(RuleNode[] parts) : RuleNode
{
    public override bool Test(EventView view)
    {
        foreach (var part in parts)
            if (part.Test(view)) return true;
        return false;
    }

    public override void Explain(EventView view, string selection, List<MatchedField> found)
    {
        foreach (var part in parts)
            if (part.Test(view)) part.Explain(view, selection, found);
    }

    public override Cover? Cover { get; } = Matching.Cover.Union(parts.Select(static p => p.Cover));
}

internal sealed class NotNode(RuleNode part) : RuleNode
{
    public override bool Test(EventView view) => !part.Test(view);
}

/// <summary>A search identifier: gives its name to what matched in it.</summary>
internal sealed class SelectionNode(string name, RuleNode item) : RuleNode
{
    public override bool Test(EventView view) => item.Test(view);

    public override void Explain(EventView view, string selection, List<MatchedField> found) => item.Explain(view, name, found);

    public override Cover? Cover => item.Cover;
}
