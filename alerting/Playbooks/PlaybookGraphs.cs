namespace Beacon.Alerting.Playbooks;

/// <summary>Lays a playbook out in columns: a step stands right of everything that leads to it.</summary>
internal static class PlaybookGraphs
{
    public static PlaybookGraph Of(Playbook playbook)
    {
        var edges = EdgesOf(playbook);
        var used = edges.SelectMany(e => new[] { e.From, e.To }).Append(playbook.Start).Where(playbook.Steps.ContainsKey).ToHashSet();
        var layers = Layers(used, edges);
        var labels = Labels(playbook);
        var order = Order(playbook);
        var nodes = new List<GraphNode>();
        foreach (var layer in used.GroupBy(id => layers[id]).OrderBy(g => g.Key))
        {
            var row = 0;
            foreach (var step in layer.OrderBy(id => order.GetValueOrDefault(id, int.MaxValue)).Select(id => playbook.Steps[id]))
                nodes.Add(new GraphNode(step.Id, step.Type, step.Name, step.Description, labels.GetValueOrDefault(step.Id, ""), step.Commands is [var first, ..] ? first.Type : "", layer.Key, row++));
        }
        return new PlaybookGraph(nodes, edges, layers.Count == 0 ? 0 : layers.Values.Max() + 1);
    }

    /// <summary>"1", "2", "3a": along the path, branches of a parallel step by letter.</summary>
    public static Dictionary<string, string> Labels(Playbook playbook)
    {
        var labels = new Dictionary<string, string>();
        var number = 0;
        void Walk(string? id, string prefix)
        {
            while (id is not null && playbook.Steps.TryGetValue(id, out var step) && !labels.ContainsKey(id))
            {
                if (step.Type is StepTypes.End) return;
                if (step.Type is not StepTypes.Start) labels[id] = prefix.Length == 0 ? (++number).ToString(System.Globalization.CultureInfo.InvariantCulture) : prefix;
                if (step.Type == StepTypes.Parallel)
                {
                    var letter = 'a';
                    foreach (var branch in step.NextSteps) Walk(branch, labels[id] + (letter <= 'z' ? letter++ : 'z'));
                }
                else if (step.IsContainer)
                {
                    Walk(step.OnTrue, prefix.Length == 0 ? "" : prefix + "+");
                    Walk(step.OnFalse, prefix.Length == 0 ? "" : prefix + "-");
                    var letter = 'a';
                    foreach (var one in step.Cases) Walk(one.StepId, prefix.Length == 0 ? "" : prefix + (letter <= 'z' ? letter++ : 'z'));
                }
                if (prefix.Length > 0) prefix = Next(prefix);
                Walk(step.OnFailure, prefix);
                id = step.OnCompletion ?? step.OnSuccess;
            }
        }
        Walk(playbook.Start, "");
        Walk(playbook.Exception, "");
        return labels;
    }

    private static string Next(string label)
    {
        var end = label.Length;
        while (end > 0 && char.IsAsciiDigit(label[end - 1])) end--;
        // "3a" goes on as "3a2", "3a3".
        return end > 0 && char.IsAsciiLetter(label[end - 1])
            ? label[..end] + ((end < label.Length ? int.Parse(label.AsSpan(end), System.Globalization.CultureInfo.InvariantCulture) : 1) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : label + "a2";
    }

    private static List<GraphEdge> EdgesOf(Playbook playbook)
    {
        var edges = new List<GraphEdge>();
        void Visit(PlaybookStep step, string? joins)
        {
            var follow = step.OnCompletion ?? step.OnSuccess;
            void To(string? id, string kind, string? inner, string label = "")
            {
                if (id is null || !playbook.Steps.TryGetValue(id, out var next)) return;
                // A branch's end step leads where its container goes on: it is drawn as the join.
                var target = next.Type == StepTypes.End && inner is not null ? inner : id;
                if (target != id && playbook.Steps[target].Type == StepTypes.While && Inside(target, step.Id)) kind = "again";
                else if (target != id) kind = "join";
                var edge = new GraphEdge(step.Id, target, kind, label);
                if (edges.Contains(edge)) return;
                edges.Add(edge);
                if (target == id) Visit(next, inner);
            }
            if (step.IsContainer)
            {
                var inner = step.Type == StepTypes.While ? step.Id
                    : follow is not null && playbook.Steps.TryGetValue(follow, out var after) && !(after.Type == StepTypes.End && joins is not null) ? follow : joins;
                To(step.OnTrue, "true", inner);
                To(step.OnFalse, "false", inner);
                foreach (var branch in step.NextSteps) To(branch, "branch", inner);
                foreach (var one in step.Cases) To(one.StepId, "case", inner, one.Value);
                // Without an edge of its own the continuation hangs on the branches' joins.
                if ((step.Type == StepTypes.If && step.OnFalse is null) || step.Type == StepTypes.While) To(follow, "false", joins);
                else if (follow is not null && playbook.Steps.TryGetValue(follow, out var next)) Visit(next, joins);
            }
            else
            {
                To(step.OnCompletion, "completion", joins);
                To(step.OnSuccess, "success", joins);
            }
            To(step.OnFailure, "failure", joins);
        }
        bool Inside(string container, string id) => WorkflowCheck.Reach(playbook, playbook.Steps[container].Branches).Contains(id);
        if (playbook.Steps.TryGetValue(playbook.Start, out var start)) Visit(start, null);
        if (playbook.Exception is not null && playbook.Steps.TryGetValue(playbook.Exception, out var exception)) Visit(exception, null);
        return [.. edges.Distinct()];
    }

    private static Dictionary<string, int> Layers(HashSet<string> nodes, List<GraphEdge> edges)
    {
        // Longest way from a start, by removing nodes that nothing leads to any more (Kahn).
        edges = [.. edges.Where(e => e.Kind != "again")];
        var into = nodes.ToDictionary(n => n, n => edges.Count(e => e.To == n));
        var layers = nodes.ToDictionary(n => n, _ => 0);
        var ready = new Queue<string>(into.Where(i => i.Value == 0).Select(i => i.Key));
        while (ready.TryDequeue(out var node))
        {
            foreach (var edge in edges.Where(e => e.From == node))
            {
                layers[edge.To] = Math.Max(layers[edge.To], layers[node] + 1);
                if (--into[edge.To] == 0) ready.Enqueue(edge.To);
            }
        }
        return layers;
    }

    /// <summary>Steps in the order of the picture: depth first from the start.</summary>
    public static Dictionary<string, int> Order(Playbook playbook)
    {
        var order = new Dictionary<string, int>();
        void Walk(string? id)
        {
            if (id is null || !playbook.Steps.TryGetValue(id, out var step) || !order.TryAdd(id, order.Count)) return;
            foreach (var branch in step.Branches) Walk(branch);
            foreach (var next in step.Continuations) Walk(next);
        }
        Walk(playbook.Start);
        Walk(playbook.Exception);
        return order;
    }
}
