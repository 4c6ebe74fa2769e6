using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Tests.Playbooks.Actions;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>An engine over files of its own, with one action for "http-api" and "ssh" that answers as a test says.</summary>
public abstract class EngineFixture : IDisposable
{
    private protected static readonly Actor Ann = new("ann", [RoleNames.Responder]);
    private protected static readonly Actor Bob = new("bob", [RoleNames.Responder]);
    private protected static readonly Actor Olga = new("olga", [RoleNames.Operator]);
    private protected static readonly Actor Sue = new("sue", [RoleNames.Supervisor]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-engine-");

    private protected FakeTimeProvider Clock { get; } = new(TestHouse.Start);
    private protected Scripted Action { get; } = new("http-api", "ssh");

    public void Dispose()
    {
        _folder.Delete(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A process over the files of this test: a second one stands for the start after a crash of the first.</summary>
    private protected TestHouse Open(Action<AlertingOptions>? configure = null, params PlaybookJson[] books)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_folder.FullName, "books"));
        foreach (var book in books) File.WriteAllBytes(Path.Combine(directory.FullName, book.Root["id"]!.GetValue<string>() + ".json"), book.Bytes);
        var house = new TestHouse(o =>
        {
            o.PlaybookDirectories.Clear();
            o.PlaybookDirectories.Add(directory.FullName);
            configure?.Invoke(o);
        }, directory: _folder.FullName, clock: Clock, replace: s => s.RemoveAll<IPlaybookAction>().AddSingleton<IPlaybookAction>(Action));
        Assert.Empty(house.Library.Refused.SelectMany(r => r.Faults.Select(f => $"{f.Path} {f.Message}")));
        return house;
    }

    private protected TestHouse Open(params PlaybookJson[] books) => Open(null, books);

    private protected static async Task<long> IncidentAsync(TestHouse house)
    {
        if ((await house.Incidents.ListAsync(new IncidentQuery())).Total == 0) await house.TakeAsync(Detections.Of());
        return (await house.Incidents.ListAsync(new IncidentQuery())).Items[0].Id;
    }

    private protected static async Task<RunSummary> StartAsync(TestHouse house, RunMode mode = RunMode.Live, RunRecording? recording = null, Dictionary<string, string>? variables = null, Actor? by = null)
    {
        var outcome = await house.Engine.StartAsync(new RunRequest(PlaybookJson.PlaybookId, await IncidentAsync(house), variables, mode, recording), by ?? Ann);
        Assert.True(outcome.Done, outcome.Refusal?.Message.ToString());
        await house.Engine.PumpAsync(default);
        return await NowAsync(house, outcome.Value.Id);
    }

    private protected static async Task<RunSummary> NowAsync(TestHouse house, string run) => (await house.Engine.FindAsync(run))!.Summary;

    private protected static async Task<StepDetail> StepAsync(TestHouse house, string run, string step) => (await house.Engine.FindAsync(run))!.Steps.Single(s => s.Summary.StepId == step);

    private protected static async Task<StepStatus> StatusAsync(TestHouse house, string run, string step) => (await StepAsync(house, run, step)).Summary.Status;

    /// <summary>Does what a person does, at the run's present version, and lets the engine go on.</summary>
    private protected static async Task<RunSummary> DoAsync(TestHouse house, string run, Func<int, Task<Outcome<RunSummary>>> operation)
    {
        var outcome = await operation((await NowAsync(house, run)).Version);
        Assert.True(outcome.Done, outcome.Refusal?.Message.ToString());
        await house.Engine.PumpAsync(default);
        return await NowAsync(house, run);
    }

    private protected static async Task<Refusal> RefusedAsync(TestHouse house, string run, Func<int, Task<Outcome<RunSummary>>> operation)
    {
        var outcome = await operation((await NowAsync(house, run)).Version);
        Assert.False(outcome.Done);
        return outcome.Refusal;
    }

    private protected static Task<RunSummary> CompleteAsync(TestHouse house, string run, string step, StepResult result = StepResult.Done, Dictionary<string, string>? outputs = null, Actor? by = null) =>
        DoAsync(house, run, v => house.Engine.CompleteAsync(run, step, v, result, "a note", by ?? Ann, outputs));

    private protected static async Task<List<string>> TimelineAsync(TestHouse house) => [.. (await house.Incidents.TimelineAsync(await IncidentAsync(house), 0, 1_000)).Select(e => e.Text)];

    private protected static Task<List<(int Kind, string Audience, string Subject)>> NoticesAsync(TestHouse house) => house.Database.ReadAsync(
        c => c.Query("SELECT kind, audience, subject FROM alerting_notices WHERE substr(reference, 1, 4) = 'run:' ORDER BY id", r => (r.GetInt32(0), r.GetString(1), r.GetString(2))));
}
