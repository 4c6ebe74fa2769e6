using Beacon.Alerting;
using Beacon.Alerting.Playbooks;
using Beacon.Web.Console.Pages.Incidents;

namespace Beacon.Web.Tests.Console;

public sealed class RunStepsTests
{
    [Fact]
    public void Current_SeveralUnderWay_IsTheOneThatAPersonDoes() => Assert.Equal("b", RunSteps.Current(Run(("a", StepStatus.Running), ("b", StepStatus.WaitingForPerson), ("c", StepStatus.WaitingForApproval)), null)!.Summary.StepId);

    [Fact]
    public void Current_Picked_StaysWhileItIsOpenAndGivesWayOnceDone()
    {
        Assert.Equal("c", RunSteps.Current(Run(("b", StepStatus.WaitingForPerson), ("c", StepStatus.WaitingForApproval)), "c")!.Summary.StepId);
        Assert.Equal("z", RunSteps.Current(Run(("b", StepStatus.WaitingForPerson), ("z", StepStatus.Pending)), "z")!.Summary.StepId);
        Assert.Equal("b", RunSteps.Current(Run(("a", StepStatus.Succeeded), ("b", StepStatus.WaitingForPerson)), "a")!.Summary.StepId);
        Assert.Equal("b", RunSteps.Current(Run(("b", StepStatus.WaitingForPerson)), "nonsense")!.Summary.StepId);
    }

    [Fact]
    public void Current_RunIsOver_IsThePickedOneOrNone()
    {
        Assert.Equal("a", RunSteps.Current(Run(("a", StepStatus.Succeeded)), "a")!.Summary.StepId);
        Assert.Null(RunSteps.Current(Run(("a", StepStatus.Succeeded)), null));
    }

    [Fact]
    public void Next_Edges_NameWhatFollowsButNeitherEndsNorFailures()
    {
        var run = Run(("a", StepStatus.WaitingForPerson)) with
        {
            Graph = new PlaybookGraph([Node("a"), Node("b"), Node("c"), Node("e", "end")], [new("a", "b", "success"), new("a", "c", "failure"), new("a", "e", "completion"), new("b", "a", "again")], 3),
        };
        Assert.Equal(["1 b"], RunSteps.Next(run, "a"));
        Assert.Empty(RunSteps.Next(run, "b"));
    }

    [Theory]
    [InlineData("plc-read --host 10.30.3.11 --unit 1", "plc-read --host |[10.30.3.11]| --unit 1")]
    [InlineData("ping 110.30.3.11", "ping 110.30.3.11")]
    [InlineData("10.30.3.11", "[10.30.3.11]")]
    [InlineData("stop INC-2026-0031.prg", "stop |[INC-2026-0031]|.prg")]
    [InlineData("set true", "set true")]
    [InlineData("", "")]
    public void CommandMarks_Values_AreMarkedWhereTheyStandByThemselves(string command, string marked)
    {
        var variables = new[] { ("__ip__", "10.30.3.11"), ("__number__", "INC-2026-0031"), ("__unit__", "1"), ("__safe__", "true"), ("__none__", "") }.Select(v => new RunVariable(v.Item1, "string", v.Item2, "", false));
        var parts = CommandMarks.Split(command, variables);
        Assert.Equal(marked, string.Join('|', parts.Select(p => p.Filled ? $"[{p.Text}]" : p.Text)));
        Assert.Equal(command, string.Concat(parts.Select(p => p.Text)));
    }

    private static GraphNode Node(string id, string type = "action") => new(id, type, id, "", type == "end" ? "" : "1", "", 0, 0);

    private static RunDetail Run(params (string Id, StepStatus Status)[] steps)
    {
        var summaries = steps.Select(s => new StepSummary(s.Id, s.Id, "1", s.Status, 1, null, null)).ToList();
        return new RunDetail
        {
            Summary = new RunSummary
            {
                Id = "r", Version = 1, PlaybookId = "p", PlaybookName = "P", IncidentId = 1, IncidentNumber = "INC-1", Status = RunStatus.Running, Mode = RunMode.Live, StartedBy = "ingrid", StartedAt = default, UpdatedAt = default,
                StepsDone = 0, StepsTotal = steps.Length, Active = [.. summaries.Where(s => s.Status is StepStatus.Running or StepStatus.WaitingForPerson or StepStatus.WaitingForApproval or StepStatus.NeedsPerson)],
            },
            Graph = new PlaybookGraph([], [], 0), Variables = [],
            Steps = [.. summaries.Select(s => new StepDetail { Summary = s, Type = "action", Description = "", Commands = [], Agent = "", Targets = [], Outputs = [], Note = "", Error = "", IdempotencyKey = "", Role = "", Iteration = 0 })],
        };
    }
}
