using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Beacon.Alerting.Playbooks;

/// <summary>A playbook's path as a picture: graph and states in, SVG text out. All text is encoded; light and dark by CSS variables of the page around it, else by the viewer's preference.</summary>
public static class PlaybookSvg
{
    private const int NodeWidth = 200;
    private const int NodeHeight = 50;
    private const int GapX = 60;
    private const int GapY = 20;
    private const int Margin = 16;

    private const string Style = """
        <style>svg{--g:var(--bg,#fff);--n:var(--panel,#f4f5f7);--t:var(--text,#1b1f24);--m:var(--text2,#57606a);--l:var(--line-strong,#8c959f);--ok:var(--ok-ink,#1a7f37);--now:var(--accent,#0969da);--bad:var(--bad-ink,#cf222e)}@media (prefers-color-scheme:dark){svg{--g:var(--bg,#0d1117);--n:var(--panel,#161b22);--t:var(--text,#e6edf3);--m:var(--text2,#8b949e);--l:var(--line-strong,#6e7681);--ok:var(--ok-ink,#3fb950);--now:var(--accent,#58a6ff);--bad:var(--bad-ink,#f85149)}}.bg{fill:var(--g)}.e{fill:none;stroke:var(--l);stroke-width:1.4}.again{stroke-dasharray:5 4}.n{fill:var(--n);stroke:var(--l);stroke-width:1.4}text{font:13px system-ui,sans-serif;fill:var(--t)}text.s{font-size:11px;fill:var(--m)}.done .n{stroke:var(--ok)}.now .n{stroke:var(--now);stroke-width:2.4}.failed .n{stroke:var(--bad);stroke-width:2}.off .n{stroke-dasharray:4 3}</style>
        """;

    /// <param name="title">What the picture is of.</param>
    /// <param name="state">State of a step by its id; null of a playbook that does not run.</param>
    public static string Render(PlaybookGraph graph, string title, Func<string, StepStatus?> state)
    {
        var places = graph.Nodes.ToDictionary(n => n.StepId, n => (X: Margin + n.Layer * (NodeWidth + GapX), Y: Margin + n.Row * (NodeHeight + GapY)));
        var width = Margin * 2 + Math.Max(1, graph.Layers) * (NodeWidth + GapX) - GapX;
        var height = Margin * 2 + (graph.Nodes.Count == 0 ? 1 : graph.Nodes.Max(n => n.Row) + 1) * (NodeHeight + GapY) - GapY + 14;
        var svg = new StringBuilder(8_192);
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{Encoded(title, 300)}\">");
        svg.Append(Style).Append("<title>").Append(Encoded(title, 300)).Append("</title>");
        Line(svg, $"<rect class=\"bg\" width=\"{width}\" height=\"{height}\"/>");
        foreach (var edge in graph.Edges) if (places.TryGetValue(edge.From, out var from) && places.TryGetValue(edge.To, out var to)) Edge(svg, edge, from, to);
        foreach (var node in graph.Nodes) Node(svg, node, places[node.StepId], state(node.StepId));
        return svg.Append("</svg>").ToString();
    }

    private static void Edge(StringBuilder svg, GraphEdge edge, (int X, int Y) from, (int X, int Y) to)
    {
        var (x1, y1, x2, y2) = (from.X + NodeWidth, from.Y + NodeHeight / 2, to.X, to.Y + NodeHeight / 2);
        if (edge.Kind == "again") Line(svg, $"<path class=\"e again\" d=\"M{from.X + NodeWidth / 2} {from.Y + NodeHeight}v8H{to.X + NodeWidth / 2}V{to.Y + NodeHeight + 2}m-4 5l4 -5l4 5\"/>");
        else Line(svg, $"<path class=\"e\" d=\"M{x1} {y1}H{x2 - GapX / 2}V{y2}H{x2 - 6}m0 -4l6 4l-6 4\"/>");
        var label = edge.Kind switch { "true" => "yes", "false" => "no", "failure" => "failed", "case" => edge.Label, _ => "" };
        if (label.Length > 0) Line(svg, $"<text class=\"s\" x=\"{x2 - GapX / 2 + 3}\" y=\"{y2 - 4}\">{Encoded(label, 12)}</text>");
    }

    private static void Node(StringBuilder svg, GraphNode node, (int X, int Y) at, StepStatus? state)
    {
        if (node.Type is StepTypes.Start or StepTypes.End)
        {
            var x = node.Type == StepTypes.Start ? at.X + NodeWidth - 12 : at.X + 12;
            Line(svg, $"<circle class=\"n\" cx=\"{x}\" cy=\"{at.Y + NodeHeight / 2}\" r=\"9\"/><circle cx=\"{x}\" cy=\"{at.Y + NodeHeight / 2}\" r=\"{(node.Type == StepTypes.End ? 5 : 2)}\" fill=\"var(--l)\"/>");
            return;
        }
        Line(svg, $"<g class=\"{ClassOf(state)}\" data-step=\"{Encoded(node.StepId, 200)}\"><title>{Encoded(node.Description.Length > 0 ? node.Description : node.Name, 500)}</title>");
        if (node.Type is StepTypes.If or StepTypes.Switch or StepTypes.While)
            Line(svg, $"<path class=\"n\" d=\"M{at.X + 12} {at.Y}h{NodeWidth - 24}l12 {NodeHeight / 2}l-12 {NodeHeight / 2}h-{NodeWidth - 24}l-12 -{NodeHeight / 2}Z\"/>");
        else Line(svg, $"<rect class=\"n\" x=\"{at.X}\" y=\"{at.Y}\" width=\"{NodeWidth}\" height=\"{NodeHeight}\" rx=\"{(node.Type == StepTypes.Parallel ? 0 : 6)}\"/>");
        if (node.Type == StepTypes.PlaybookAction) Line(svg, $"<rect fill=\"none\" class=\"e\" x=\"{at.X + 4}\" y=\"{at.Y + 4}\" width=\"{NodeWidth - 8}\" height=\"{NodeHeight - 8}\" rx=\"4\"/>");
        var what = state is null ? (node.Command.Length > 0 ? node.Command : node.Type) : Words(state.Value);
        Line(svg, $"<text x=\"{at.X + 14}\" y=\"{at.Y + 21}\">{Encoded($"{node.Label} {node.Name}".Trim(), 27)}</text><text class=\"s\" x=\"{at.X + 14}\" y=\"{at.Y + 38}\">{Encoded(what, 32)}</text></g>");
    }

    private static string ClassOf(StepStatus? state) => state switch
    {
        StepStatus.Succeeded => "done",
        StepStatus.Running or StepStatus.Delayed or StepStatus.WaitingForPerson or StepStatus.WaitingForApproval => "now",
        StepStatus.Failed or StepStatus.NeedsPerson => "failed",
        StepStatus.Skipped or StepStatus.Cancelled => "off",
        _ => "next",
    };

    private static string Words(StepStatus state) => state switch
    {
        StepStatus.Pending => "not yet", StepStatus.Delayed => "waits for its time", StepStatus.Running => "running", StepStatus.WaitingForPerson => "waits for a person",
        StepStatus.WaitingForApproval => "waits for approval", StepStatus.NeedsPerson => "needs a person", StepStatus.Succeeded => "done", StepStatus.Failed => "failed",
        StepStatus.Skipped => "skipped", _ => "cancelled",
    };

    /// <summary>Cut, without what XML cannot hold, and with everything but plain letters escaped that could be markup.</summary>
    private static string Encoded(string text, int most)
    {
        var clean = new string([.. Text.Cut(text, most).Select(c => char.IsControl(c) || c is '\ufffe' or '\uffff' ? ' ' : c)]);
        return HtmlEncoder.Default.Encode(clean);
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
