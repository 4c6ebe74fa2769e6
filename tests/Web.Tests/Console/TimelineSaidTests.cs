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
