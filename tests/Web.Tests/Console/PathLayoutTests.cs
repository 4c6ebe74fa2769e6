using Beacon.Alerting.Playbooks;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

public sealed class PathLayoutTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    [Fact]
    public void Corners_OfEveryPlaybookOfOurs_PassBetweenTheSteps()
    {
        var library = beacon.Host.Services.GetRequiredService<IPlaybookLibrary>();
        Assert.True(library.All.Count > 15);
        var crossings = library.All.SelectMany(p => Crossings(library.Graph(p.Id)!).Select(c => $"{p.Name}: {c}")).ToList();
        Assert.True(crossings.Count == 0, string.Join(Environment.NewLine, crossings));
    }

    [Fact]
    public void Corners_ToALowerRowOfTheNextLine_PassBetweenTheSteps() => Assert.Empty(Crossings(Graph("a0 b0 c0 d0 e0 f1 g0", "s>a a>b b>c c>d d>e d>f e>g f>g a>g")));

    [Fact]
    public void Corners_BackToAnEarlierStep_PassBetweenTheSteps() => Assert.Empty(Crossings(Graph("a0 b0 c0", "s>a a>b b>c c>b")));

    [Fact]
    public void Places_EndBehindAFullLine_StandsBesideItsLastStep()
    {
        var layout = new PathLayout(Line(4));
        Assert.Equal(layout["n3"].Y, layout["end"].Y);
        Assert.True(layout["end"].In > layout["n3"].Out);
        Assert.True(layout["end"].X < PathLayout.Width);
    }

    [Fact]
    public void Places_StartBeforeTheSteps_TakesNoColumn()
    {
        var layout = new PathLayout(Line(2));
        Assert.Equal(layout["start"].Middle, layout["n0"].Middle);
        Assert.True(layout["start"].Out < layout["n0"].X);
        Assert.True(layout["n0"].X < PathLayout.NodeWidth);
    }

    [Fact]
    public void Crossings_AWayThroughAStep_IsFound() => Assert.True(Cuts((0, 23), (400, 23), new(100, 0, 0, 0, 0, IsDot: false)));

    private static PlaybookGraph Line(int steps)
    {
        GraphNode[] nodes = [Node("start", "start", 0, 0), .. Enumerable.Range(0, steps).Select(i => Node($"n{i}", "action", i + 1, 0)), Node("end", "end", steps + 1, 0)];
        return new PlaybookGraph(nodes, [.. nodes.Zip(nodes.Skip(1), (a, b) => new GraphEdge(a.StepId, b.StepId, "next"))], nodes.Length);
    }

    // Steps "a0" are a in row 0; each stands one layer behind the furthest that leads to it.
    private static PlaybookGraph Graph(string rows, string edges)
    {
        var ways = edges.Split(' ').Select(e => new GraphEdge(e[..1], e[2..], "next")).ToList();
        var layers = new Dictionary<string, int> { ["s"] = 0 };
        foreach (var way in ways.Where(w => !layers.TryGetValue(w.To, out var known) || known >= layers[w.From])) layers[way.To] = Math.Max(layers.GetValueOrDefault(way.To), layers[way.From] + 1);
        return new PlaybookGraph([Node("s", "start", 0, 0), .. rows.Split(' ').Select(r => Node(r[..1], "action", layers[r[..1]], r[1] - '0'))], ways, layers.Values.Max() + 1);
    }

    private static GraphNode Node(string id, string type, int layer, int row) => new(id, type, id, "", "", "", layer, row);

    private static IEnumerable<string> Crossings(PlaybookGraph graph)
    {
        var layout = new PathLayout(graph);
        foreach (var edge in graph.Edges.Where(layout.Has))
        {
            var corners = layout.Corners(edge);
            if (corners.Any(c => c.X < 0 || c.X > PathLayout.Width || c.Y < 0 || c.Y > layout.Height)) yield return $"{edge.From} to {edge.To} leaves the picture";
            foreach (var (a, b) in corners.Zip(corners.Skip(1)))
                foreach (var node in graph.Nodes)
                    if (Cuts(a, b, layout[node.StepId])) yield return $"{edge.From} to {edge.To} through {node.StepId}";
        }
    }

    private static bool Cuts((int X, int Y) a, (int X, int Y) b, PathLayout.Place place)
    {
        var (left, right) = place.IsDot ? (place.In, place.Out) : (place.X, place.X + PathLayout.NodeWidth);
        var (top, bottom) = place.IsDot ? (place.Middle - 8, place.Middle + 8) : (place.Y, place.Y + PathLayout.NodeHeight);
        return Math.Min(a.X, b.X) < right && Math.Max(a.X, b.X) > left && Math.Min(a.Y, b.Y) < bottom && Math.Max(a.Y, b.Y) > top;
    }
}
