using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Incidents;

/// <param name="Layer">Column, from 0: how many steps from where it began.</param>
internal sealed record EntityNode(IncidentEntity Entity, int Layer, int Row, int X, int Y);

/// <summary>All alerts that tie one entity to another.</summary>
/// <param name="From">Place in <see cref="EntityGraph.Nodes"/>.</param>
internal sealed record EntityTie(int From, int To, int Count, string Labels);

/// <summary>
/// Machines, accounts and addresses of an incident as a picture: columns by how many steps they are from where it began, ties where an
/// alert names both. Those with most alerts are drawn, at most <see cref="Most"/>.
/// </summary>
internal sealed class EntityGraph
{
    public const int Most = 36, NodeWidth = 156, NodeHeight = 40;
    private const int GapX = 40, GapY = 14, Bow = 34, MaxLayers = 5;

    public EntityGraph(IncidentDetail incident)
    {
        var drawn = incident.Entities.OrderByDescending(e => e.Alerts).ThenByDescending(e => e.Importance).ThenBy(e => e.Lane).Take(Most).OrderBy(e => e.Lane).ToList();
        LeftOut = incident.Entities.Count - drawn.Count;
        var at = drawn.Select((e, i) => (e.Entity, i)).DistinctBy(e => e.Entity).ToDictionary(e => e.Entity, e => e.i);
        Ties = [.. incident.Links.Where(l => l.From is { } from && at.ContainsKey(from) && at.ContainsKey(l.To) && from != l.To)
            .GroupBy(l => (From: at[l.From!.Value], To: at[l.To]))
            .Select(g => new EntityTie(g.Key.From, g.Key.To, g.Count(), string.Join(", ", g.Select(l => l.Label).Distinct().Take(5))))];
        var layers = new int[drawn.Count];
        // Entities stand in the order in which they appeared: a tie back to an earlier one moves nothing.
        foreach (var tie in Ties.OrderBy(t => t.From).ThenBy(t => t.To))
            if (tie.From < tie.To) layers[tie.To] = Math.Min(MaxLayers - 1, Math.Max(layers[tie.To], layers[tie.From] + 1));
        var rows = new int[MaxLayers];
        Nodes = [.. drawn.Select((e, i) =>
        {
            var row = rows[layers[i]]++;
            return new EntityNode(e, layers[i], row, 2 + layers[i] * (NodeWidth + GapX), 2 + row * (NodeHeight + GapY));
        })];
        // A tie within a column bows out to the right of it.
        Width = 4 + (Nodes.Count == 0 ? 0 : Nodes.Max(n => n.X) + NodeWidth) + (Ties.Any(t => Nodes[t.From].Layer == Nodes[t.To].Layer) ? Bow : 0);
        Height = 4 + (Nodes.Count == 0 ? 0 : Nodes.Max(n => n.Y) + NodeHeight);
    }

    public IReadOnlyList<EntityNode> Nodes { get; }
    public IReadOnlyList<EntityTie> Ties { get; }

    /// <summary>Entities that are not drawn.</summary>
    public int LeftOut { get; }
    public int Width { get; }
    public int Height { get; }

    /// <summary>The line from one node's side to the other's.</summary>
    public string Path(EntityTie tie)
    {
        var (a, b) = (Nodes[tie.From], Nodes[tie.To]);
        var (ya, yb) = (a.Y + NodeHeight / 2, b.Y + NodeHeight / 2);
        if (a.Layer == b.Layer)
        {
            var side = a.X + NodeWidth;
            return $"M{side} {ya}C{side + Bow} {ya} {side + Bow} {yb} {side + 6} {yb}m6 -4l-6 4l6 4";
        }
        var forward = b.Layer > a.Layer;
        var (xa, xb) = forward ? (a.X + NodeWidth, b.X - 2) : (a.X, b.X + NodeWidth + 2);
        var middle = (xa + xb) / 2;
        return $"M{xa} {ya}C{middle} {ya} {middle} {yb} {xb} {yb}" + (forward ? "m-6 -4l6 4l-6 4" : "m6 -4l-6 4l6 4");
    }
}
