using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Makes playbooks by chance, of all step types, and says afterwards which steps a run of them must have done.</summary>
internal sealed class RandomBook(Random random)
{
    public const string ChildId = "playbook--99999999-9999-4999-8999-999999999999";

    private int _next;

    public PlaybookJson Book { get; } = new PlaybookJson().HttpTarget("https://fw.example").Variable("__v__", "integer", "1").Variable("__left__", "integer", "2").Variable("__level__", "string", "high");

    public static PlaybookJson Child()
    {
        var child = new PlaybookJson().HttpTarget("https://fw.example").Variable("__v__", "integer", "0").Start(A("b")).Http("b", A("q"), "GET /child", s => s["out_args"] = new JsonArray("__v__")).Manual("q", E()).End();
        child.Root["id"] = ChildId;
        return child;
    }

    public RandomBook Make()
    {
        Book.Start(Chain(random.Next(1, 4), 2, E())).End();
        if (random.Next(4) == 0)
        {
            Book.Manual("y", E());
            Book.Root["workflow_exception"] = A("y");
        }
        return this;
    }

    private string Name() => "n" + (_next++).ToString(CultureInfo.InvariantCulture);

    /// <summary>A chain that ends in the given step; answers its first.</summary>
    private string Chain(int length, int depth, string end)
    {
        var next = end;
        for (var i = 0; i < length; i++) next = Step(depth, next);
        return next;
    }

    private string Step(int depth, string next)
    {
        string name = Name(), inner = Name();
        switch (random.Next(depth > 0 ? 9 : 3))
        {
            case 0:
                Book.Manual(name, next, more: s =>
                {
                    More(s);
                    if (random.Next(4) > 0) return;
                    // Without a way on after a failure.
                    s.Remove("on_completion");
                    s["on_success"] = next;
                });
                return A(name);
            case 1:
                Book.Http(name, next, "GET /x", s => { s["out_args"] = new JsonArray("__v__", "__left__", "__level__"); More(s); });
                return A(name);
            case 2:
                Book.Http(name, next, "POST /x", s =>
                {
                    More(s);
                    if (random.Next(3) > 0) return;
                    // Another way after a failure.
                    Book.Manual(inner, next);
                    s.Remove("on_completion");
                    s["on_success"] = next;
                    s["on_failure"] = A(inner);
                });
                return A(name);
            case 3:
                Book.If(name, "__v__:value = 1", Branch(depth, inner), random.Next(2) == 0 ? Branch(depth, inner) : null, next).End(inner);
                return I(name);
            case 4:
                Book.Switch(name, "__level__:value", next, [("high", Branch(depth, inner)), .. random.Next(2) == 0 ? new[] { ("default", Branch(depth, inner)) } : []]).End(inner);
                return Switch(name);
            case 5:
                Book.While(name, "__left__:value > 0", Branch(depth, inner), next).End(inner);
                return While(name);
            case 6:
                Book.Runs(name, ChildId, next, s => { s["in_args"] = new JsonArray("__v__"); s["out_args"] = new JsonArray("__v__"); });
                return R(name);
            default:
                Book.Parallel(name, next, [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Branch(depth, inner))]).End(inner);
                return P(name);
        }
    }

    private string Branch(int depth, string end) => Chain(random.Next(1, 3), depth - 1, E(end));

    private void More(JsonObject step)
    {
        if (random.Next(6) == 0) step["delay"] = 60_000;
    }

    /// <summary>Steps that a run in this end state must have gone through, by the outcomes it tells of; an independent reading of the playbook.</summary>
    public static HashSet<string> Walked(Playbook playbook, IReadOnlyDictionary<string, StepDetail> steps)
    {
        var walked = new HashSet<string>();
        var failed = Path(playbook.Start);
        if (failed && playbook.Exception is { } exception) Path(exception);
        return walked;

        // True where the path ended in a failure that has no way on.
        bool Path(string? id)
        {
            while (id is not null && playbook.Steps.TryGetValue(id, out var step))
            {
                if (step.Type == StepTypes.End) return false;
                if (step.Type == StepTypes.Start)
                {
                    id = step.OnCompletion;
                    continue;
                }
                walked.Add(id);
                var done = steps[id];
                switch (step.Type)
                {
                    case StepTypes.If: Path(done.Note == "yes" ? step.OnTrue : step.OnFalse); break;
                    case StepTypes.Switch: Path(step.Cases.FirstOrDefault(c => c.Value == (done.Note.EndsWith(": default", StringComparison.Ordinal) ? "default" : done.Note))?.StepId); break;
                    // Tried again by a person it counts from nought, and what its earlier rounds did stays done; a round of a loop around it begins anew.
                    case StepTypes.While when step.OnTrue is { } body && (done.Iteration > 0 || (steps.TryGetValue(body, out var first) && first.Summary.Status != StepStatus.Pending)): Path(body); break;
                    case StepTypes.Parallel: foreach (var branch in step.NextSteps) Path(branch); break;
                }
                var good = done.Summary.Status is StepStatus.Succeeded or StepStatus.Skipped;
                var next = good ? step.OnSuccess ?? step.OnCompletion : step.OnFailure ?? step.OnCompletion;
                if (next is null) return !good;
                id = next;
            }
            return false;
        }
    }
}
