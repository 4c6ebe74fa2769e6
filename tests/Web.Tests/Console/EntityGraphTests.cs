using Beacon.Alerting.Incidents;
using Beacon.Events;
using Beacon.Web.Console.Pages.Incidents;

namespace Beacon.Web.Tests.Console;

public sealed class EntityGraphTests
{
    [Fact]
    public void Layers_Chain_RunFromWhereItBegan()
    {
        var graph = Draw(3, (0, 1), (1, 2));
        Assert.Equal([0, 1, 2], graph.Nodes.Select(n => n.Layer));
        Assert.Equal(2, graph.Ties.Count);
    }

    [Fact]
    public void Ties_SamePairTwice_AreOneWithItsCount() => Assert.Equal(2, Assert.Single(Draw(2, (0, 1), (0, 1)).Ties).Count);

    [Fact]
    public void Ties_Backwards_AreDrawnAndMoveNothing()
    {
        var graph = Draw(2, (0, 1), (1, 0));
        Assert.Equal([0, 1], graph.Nodes.Select(n => n.Layer));
        Assert.Equal(2, graph.Ties.Count);
        Assert.All(graph.Ties, t => Assert.StartsWith("M", graph.Path(t), StringComparison.Ordinal));
    }

    [Fact]
    public void Nodes_Many_AreBoundedAndDoNotOverlap()
    {
        var graph = Draw(200, [.. Enumerable.Range(1, 199).Select(i => (i - 1, i))]);
        Assert.Equal(EntityGraph.Most, graph.Nodes.Count);
        Assert.Equal(200 - EntityGraph.Most, graph.LeftOut);
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(n => (n.X, n.Y)).Distinct().Count());
        Assert.All(graph.Nodes, n => Assert.True(n.X + EntityGraph.NodeWidth <= graph.Width && n.Y + EntityGraph.NodeHeight <= graph.Height));
    }

    [Fact]
    public void Graph_NothingNamed_IsEmpty() => Assert.Empty(Draw(0).Nodes);

    private static EntityGraph Draw(int count, params (int From, int To)[] ties)
    {
        var entities = Enumerable.Range(0, count).Select(i => new Entity(EntityKind.Host, $"host-{i}")).ToList();
        return new EntityGraph(new IncidentDetail
        {
            Summary = null!, Alerts = [], Stages = [], Techniques = [], Tasks = [],
            Entities = [.. entities.Select((e, lane) => new IncidentEntity(e, null, null, AssetImportance.General, default, default, 1, lane))],
            Links = [.. ties.Select(t => new IncidentLink(entities[t.From], entities[t.To], default, "login", 1))],
        });
    }
}
