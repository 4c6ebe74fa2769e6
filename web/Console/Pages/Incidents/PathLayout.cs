using System.Globalization;
using System.Text;
using Beacon.Alerting.Playbooks;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>
/// Where the steps of a playbook stand in its picture, and how the ways between them run. Four steps stand beside each other and the path wraps, so that it
/// fits without scrolling sideways; ways run between the steps and never through one.
/// </summary>
internal sealed class PathLayout
{
    public const int NodeWidth = 180, NodeHeight = 46, Width = Left + (PerLine * (NodeWidth + GapX)) - GapX + Right;

    private const int PerLine = 4, GapX = 46, GapY = 24, BandGap = 38, Left = 40, Right = 46, Top = 10, DotRadius = 8;

    /// <summary>Ways to the same step run as one, those to different ones beside each other: so many stand apart, this far.</summary>
    private const int Tracks = 5, TrackGap = 3;

    private readonly Dictionary<string, Place> _places = [];
    private readonly Dictionary<int, int> _tops = [];
    private readonly HashSet<(int Band, int Column, int Row)> _taken = [];

    /// <param name="X">Left edge; of the dot of a start or end, its middle.</param>
    /// <param name="Y">Upper edge.</param>
    public readonly record struct Place(int X, int Y, int Column, int Row, int Band, bool IsDot)
    {
        public int Middle => Y + (NodeHeight / 2);
        public int In => IsDot ? X - DotRadius : X;
        public int Out => IsDot ? X + DotRadius : X + NodeWidth;
    }

    public PathLayout(PlaybookGraph graph)
    {
        // The start is a dot in the margin, not a column of its own.
        var first = graph.Nodes.Any(n => n.Layer == 0 && n.Type != "start") ? 0 : 1;
        var y = Top;
        foreach (var band in graph.Nodes.Where(n => n.Layer >= first).GroupBy(n => (n.Layer - first) / PerLine).OrderBy(b => b.Key))
        {
            // An end that would have a line to itself stands in the margin of the line before.
            if (_tops.ContainsKey(band.Key - 1) && band.All(n => n.Type == "end"))
            {
                foreach (var end in band) _places[end.StepId] = BesideLastOf(band.Key - 1, graph.Edges.FirstOrDefault(e => e.To == end.StepId)?.From);
                continue;
            }
            _tops[band.Key] = y;
            foreach (var node in band) Put(node, (node.Layer - first) % PerLine, band.Key);
            var rows = band.Max(n => n.Row) + 1;
            y += (rows * NodeHeight) + ((rows - 1) * GapY) + BandGap;
        }
        if (first == 1)
            foreach (var start in graph.Nodes.Where(n => n.Layer == 0)) _places[start.StepId] = new(DotRadius + 1, Top + (start.Row * (NodeHeight + GapY)), -1, start.Row, 0, IsDot: true);
        // Room for a way below the last row, too.
        Height = y - BandGap + (GapY / 2) + (Tracks / 2 * TrackGap) + 2;
        _track = _places.Keys.Order(StringComparer.Ordinal).Select((id, n) => (id, n)).ToDictionary(t => t.id, t => ((t.n % Tracks) - (Tracks / 2)) * TrackGap);
    }

    private readonly Dictionary<string, int> _track;

    public int Height { get; }

    public Place this[string step] => _places[step];

    public bool Has(GraphEdge edge) => _places.ContainsKey(edge.From) && _places.ContainsKey(edge.To);

    /// <summary>The corners of a way, from step to step.</summary>
    public IReadOnlyList<(int X, int Y)> Corners(GraphEdge edge)
    {
        var (from, to, track) = (_places[edge.From], _places[edge.To], _track[edge.To]);
        var into = Channel(to.Column) + track;
        if (from.Band == to.Band && to.Column > from.Column && IsFree(from, to.Column)) return [(from.Out, from.Middle), (into, from.Middle), (into, to.Middle), (to.In, to.Middle)];
        var outOf = Channel(from.Column + 1) + track;
        // Above the line it goes to, else below the row it comes from.
        var lane = track + (to.Band > from.Band ? _tops[to.Band] - (BandGap / 2) : from.Y + NodeHeight + (GapY / 2));
        return [(from.Out, from.Middle), (outOf, from.Middle), (outOf, lane), (into, lane), (into, to.Middle), (to.In, to.Middle)];
    }

    /// <summary>A way as an SVG path that ends in an arrow.</summary>
    public string Path(GraphEdge edge)
    {
        var corners = Corners(edge);
        var path = new StringBuilder().Append(CultureInfo.InvariantCulture, $"M{corners[0].X} {corners[0].Y}");
        foreach (var (x, y) in corners.Skip(1)) path.Append(CultureInfo.InvariantCulture, $"L{x} {y}");
        return path.Append("m-6 -4l6 4l-6 4").ToString();
    }

    private void Put(GraphNode node, int column, int band)
    {
        var (x, y) = (ColumnAt(column), _tops[band] + (node.Row * (NodeHeight + GapY)));
        _places[node.StepId] = node.Type switch
        {
            "start" => new(x + NodeWidth - 12, y, column, node.Row, band, IsDot: true),
            "end" => new(x + 12, y, column, node.Row, band, IsDot: true),
            _ => new(x, y, column, node.Row, band, IsDot: false),
        };
        _taken.Add((band, column, node.Row));
    }

    private Place BesideLastOf(int band, string? before)
    {
        var row = before is not null && _places.TryGetValue(before, out var place) && place.Band == band ? place.Row : 0;
        return new(Width - DotRadius - 1, _tops[band] + (row * (NodeHeight + GapY)), PerLine, row, band, IsDot: true);
    }

    private bool IsFree(Place from, int column) => Enumerable.Range(from.Column + 1, column - from.Column - 1).All(c => !_taken.Contains((from.Band, c, from.Row)));

    private static int ColumnAt(int column) => Left + (column * (NodeWidth + GapX));

    // Where ways run down: left of a column, and right of the last.
    private static int Channel(int column) => column switch
    {
        0 => Left - 12,
        PerLine => ColumnAt(PerLine - 1) + NodeWidth + 14,
        _ => ColumnAt(column) - (GapX / 2),
    };
}
