using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Incidents.Joining;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

/// <summary>Whatever Beacon writes into a timeline is said in Chinese on a Chinese console: a sentence that is changed without its form would stay English in silence.</summary>
public sealed class TimelineSaidTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private const string Silent = "playbook--76cc9918-ad36-4e37-9287-db894c00fb68";
    private static readonly Actor Wei = new("wei", [RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor, RoleNames.Administrator]), Ann = new("ann", Wei.Roles);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private T Get<T>() where T : notnull => beacon.Host.Services.GetRequiredService<T>();

    [Fact]
    public async Task Say_WhatPeopleDoWithAnIncident_IsChinese()
    {
        var (incidents, work) = (Get<IIncidentService>(), Get<IIncidentWork>());
        var (id, other) = ((await beacon.IncidentAsync(Stop)).Id, (await beacon.IncidentAsync(Stop)).Id);
        await EditAsync(id, new IncidentEdit { Owner = "wei" });
        await EditAsync(id, new IncidentEdit { Owner = "ann", Severity = Severity.Low, Status = IncidentStatus.Respond, Title = "Root logged in" });
        await EditAsync(id, new IncidentEdit { Owner = "" });
        var task = Done(await incidents.AddTaskAsync(id, "ring ann", "ann", Wei, TimeProvider.System.GetUtcNow().AddHours(1), Stop));
        Done(await incidents.CompleteTaskAsync(id, task.Id, Wei, Stop));
        Done(await work.ReopenTaskAsync(id, task.Id, 2, Wei, "she was away", Stop));
        Done(await work.EditTaskAsync(id, task.Id, 3, new TaskEdit { Text = "ring ann again" }, Wei, Stop));
        var comment = Done(await work.CommentAsync(id, "seen", Wei, Stop));
        Done(await work.EditCommentAsync(id, comment.Id, 1, "seen twice", Wei, Stop));
        var entity = new Entity(EntityKind.Address, "203.0.113.9");
        Done(await work.AddEntityAsync(id, entity, Wei, "in the log", Stop));
        Done(await work.RemoveEntityAsync(id, entity, Wei, "not in the log", Stop));
        Done(await work.LinkAsync(id, other, IncidentLinkKind.CausedBy, Wei, "same hour", Stop));
        Done(await work.UnlinkAsync(id, other, Wei, "another hour", Stop));
        var given = Done(await work.HandOverAsync(id, await VersionAsync(id), "ann", "all is said", Wei, Stop));
        Done(await work.AcknowledgeAsync(id, given.Id, "", Ann, Stop));
        var evidence = Get<IIncidentEvidence>();
        var item = Done(await evidence.AddFileAsync(id, "auth.log", "text/plain", "log", new MemoryStream([1, 2, 3]), Wei, Stop));
        Done(await evidence.ViewAsync(id, item.Id, Wei, Stop));
        await Done(await evidence.OpenAsync(id, item.Id, Wei, "for the police", Stop)).Content.DisposeAsync();
        item = Done(await evidence.HandOverAsync(id, item.Id, item.Version, "ann", Wei, "night shift", Stop));
        Done(await evidence.RemoveAsync(id, item.Id, item.Version, Ann, "not ours", Stop));
        Done(await Get<IIncidentReports>().WriteAsync(id, ReportFormat.Markdown, "TLP:RED", Wei, cancellation: Stop));
        Done(await Get<IClockService>().AwareAsync(id, TimeProvider.System.GetUtcNow().AddMinutes(-5), "eu-nis2", Wei, "rang us", Stop));
        var clock = (await Get<IClockService>().ListAsync(id, Stop))[0];
        Done(await Get<IClockService>().SentAsync(clock.Id, clock.Version, null, "no. 7", null, Wei, Stop));
        Done(await Get<IIncidentJoining>().MergeAsync(id, await VersionAsync(id), other, await VersionAsync(other), Wei, "one attack", Stop));
        var alert = (await incidents.FindAsync(id, Stop))!.Alerts[0];
        Done(await Get<IAlertService>().DismissAsync(alert.Id, alert.Version, Disposition.FalsePositive, Wei, "a test", DispositionCause.WrongData, Stop));
        await AllSaidAsync(id, atLeast: 30);
        await AllSaidAsync(other, atLeast: 3);
    }

    [Fact]
    public async Task Say_WhatIsDecidedOfAWarning_IsChinese()
    {
        var warnings = Get<IWarningService>();
        var id = (await beacon.IncidentAsync(Stop)).Id;
        var first = (await warnings.ListAsync(new WarningQuery { Limit = 100 }, Stop)).Single(w => w.IncidentId == id);
        Task<WarningSummary> OnAsync(Func<int, Task<Outcome<WarningSummary>>> act) => OnWarningAsync(first.Id, act);
        if (first.State == WarningState.Draft) await OnAsync(v => warnings.IssueAsync(first.Id, v, Wei, "seen by two of us", Stop));
        if ((await warnings.FindAsync(first.Id, Stop))!.Summary.ProposedLevel is not null) await OnAsync(v => warnings.IssueAsync(first.Id, v, Ann, "seen it too", Stop));
        await OnAsync(v => warnings.AdjustAsync(first.Id, v, WarningLevel.Red, Wei, "the plant stands still", Stop));
        await OnAsync(v => warnings.RefuseProposalAsync(first.Id, v, Ann, "it runs by hand", Stop));
        await OnAsync(v => warnings.AdjustAsync(first.Id, v, WarningLevel.Red, Wei, "no, it does not", Stop));
        await OnAsync(v => warnings.IssueAsync(first.Id, v, Ann, "seen it too", Stop));
        await OnAsync(v => warnings.EditAsync(first.Id, v, new WarningEdit(Tlp: "TLP:GREEN", Authority: "Lake District"), Wei, "the neighbours ask", Stop));
        await OnAsync(_ => warnings.NoteAsync(first.Id, "the pumps were looked at", Wei, Stop));
        await OnAsync(_ => warnings.AcknowledgeAsync(first.Id, Wei, Stop));
        await OnAsync(v => warnings.AdjustAsync(first.Id, v, WarningLevel.Blue, Wei, "it runs again", Stop));
        await OnAsync(v => warnings.LiftAsync(first.Id, v, Wei, "all is well", Stop));
        await AllSaidAsync(id, atLeast: 11);
    }

    [Fact]
    public async Task Say_AnIncidentThatIsTwo_IsChinese()
    {
        var id = (await beacon.IncidentAsync(Stop)).Id;
        var other = (await beacon.IncidentAsync(Stop)).Id;
        var joining = Get<IIncidentJoining>();
        Done(await joining.MergeAsync(id, await VersionAsync(id), other, await VersionAsync(other), Wei, "one attack", Stop));
        var alert = (await Get<IIncidentService>().FindAsync(id, Stop))!.Alerts[0].Id;
        var off = Done(await joining.SplitAsync(id, await VersionAsync(id), [alert], "The printer", Wei, "it was the printer", Stop));
        await AllSaidAsync(id, atLeast: 4);
        await AllSaidAsync(off.Id, atLeast: 1);
    }

    [Fact]
    public async Task Say_StepsThatPeopleEnd_IsChinese()
    {
        var engine = Get<IPlaybookEngine>();
        var id = (await beacon.IncidentAsync(Stop)).Id;
        var run = Done(await engine.StartAsync(new RunRequest(Silent, id), Wei, Stop));
        var ways = new Queue<(StepResult Result, string Note)>([(StepResult.Done, ""), (StepResult.Failed, "the cable was cut"), (StepResult.Cannot, "the door is locked"), (StepResult.Done, "rang them")]);
        var approvals = 0;
        for (var round = 0; round < 200; round++)
        {
            var now = (await engine.FindAsync(run.Id, Stop))!;
            if (now.Summary.Status != RunStatus.Running) break;
            if (now.Steps.FirstOrDefault(s => s.Summary.Status is StepStatus.WaitingForPerson) is { } waits)
            {
                var (result, note) = ways.Count > 0 ? ways.Dequeue() : (StepResult.Done, "");
                await engine.CompleteAsync(run.Id, waits.Summary.StepId, now.Summary.Version, result, note, Wei, null, Stop);
            }
            else if (now.Steps.FirstOrDefault(s => s.Summary.Status is StepStatus.WaitingForApproval) is { } asked)
            {
                if (approvals++ == 0) await engine.RefuseAsync(run.Id, asked.Summary.StepId, now.Summary.Version, Ann, "not at night", Stop);
                else await engine.ApproveAsync(run.Id, asked.Summary.StepId, now.Summary.Version, Ann, "now then", Stop);
            }
            else if (now.Steps.FirstOrDefault(s => s.Summary.Status is StepStatus.NeedsPerson) is { } stuck)
            {
                if (stuck.Summary.Attempt == 1) await engine.RetryAsync(run.Id, stuck.Summary.StepId, now.Summary.Version, Wei, "once more", Stop);
                else await engine.SkipAsync(run.Id, stuck.Summary.StepId, now.Summary.Version, Wei, "known to be well", Stop);
            }
            else await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
        }
        var last = (await engine.FindAsync(run.Id, Stop))!;
        Assert.True(last.Summary.Status == RunStatus.Completed, $"{last.Summary.Status}: {string.Join(", ", last.Steps.Where(s => s.Summary.Status is not (StepStatus.Pending or StepStatus.Succeeded)).Select(s => $"{s.Summary.Label} {s.Summary.Status} {s.Type} {s.Error} {string.Join('/', s.Outputs.Select(o => o.Name + " " + o.Type))}"))}");
        await AllSaidAsync(id, atLeast: 12);
    }

    [Fact]
    public async Task Say_WhatAPlaybookDoes_IsChinese()
    {
        var engine = Get<IPlaybookEngine>();
        var id = (await beacon.IncidentAsync(Stop)).Id;
        Done(await engine.StartAsync(new RunRequest(Silent, id, Mode: RunMode.DryRun), Wei, Stop));
        var run = Done(await engine.StartAsync(new RunRequest(Silent, id), Wei, Stop));
        await OnAsync(run.Id, version => engine.PauseAsync(run.Id, version, Wei, "", Stop));
        await OnAsync(run.Id, version => engine.ResumeAsync(run.Id, version, Wei, "on again", Stop));
        await OnAsync(run.Id, version => engine.CancelAsync(run.Id, version, Wei, "false alarm", Stop));
        await AllSaidAsync(id, atLeast: 8);
    }

    // The engine works on the run meanwhile: whoever was too slow looks again.
    private async Task OnAsync(string run, Func<int, Task<Outcome<RunSummary>>> act)
    {
        while (await act((await Get<IPlaybookEngine>().FindAsync(run, Stop))!.Summary.Version) is { Done: false } refused) Assert.Equal(RefusalKind.Conflict, refused.Refusal.Kind);
    }

    private async Task<WarningSummary> OnWarningAsync(long id, Func<int, Task<Outcome<WarningSummary>>> act) => Done(await act((await Get<IWarningService>().FindAsync(id, Stop))!.Summary.Version));

    private async Task AllSaidAsync(long incident, int atLeast)
    {
        var entries = await Get<IIncidentService>().TimelineAsync(incident, 0, 1_000, Stop);
        Assert.True(entries.Count >= atLeast, $"only {entries.Count} entries");
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-Hans");
        var words = Get<TimelineWords>();
        // What people wrote themselves stays, and so does the title that a rule of somebody else's gave an alert.
        Assert.Empty(entries.Where(e => words.Say(e) == e.Text && e.Text != "seen" && !e.Text.StartsWith("on host-", StringComparison.Ordinal)).Select(e => $"{e.Kind}: {e.Text}"));
    }

    private async Task EditAsync(long id, IncidentEdit edit) => Done(await Get<IIncidentService>().EditAsync(id, await VersionAsync(id), edit, Wei, "known by now", Stop));

    private async Task<int> VersionAsync(long id) => (await Get<IIncidentService>().FindAsync(id, Stop))!.Summary.Version;

    private static T Done<T>(Outcome<T> outcome) where T : class => outcome.Done ? outcome.Value : throw new InvalidOperationException(outcome.Refusal.Message.ToString());
}
