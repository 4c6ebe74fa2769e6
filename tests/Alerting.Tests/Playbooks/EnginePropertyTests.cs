using System.Globalization;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Random playbooks, failures and crashes: no step is lost, none starts twice within an attempt, the end is reached.</summary>
public sealed class EnginePropertyTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    [Fact]
    public async Task RandomPlaybook_WithFailuresAndCrashes_ReachesItsEnd()
    {
        var seeds = new List<int>();
        Gen.Int[0, int.MaxValue - 1].List[25].Sample(s => { lock (seeds) if (seeds.Count == 0) seeds.AddRange(s); }, iter: 1, threads: 1);
        foreach (var seed in seeds) await RunAsync(seed);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var letters = 0;
        var book = new PlaybookJson().HttpTarget("https://fw.example").Variable("__v__", "integer", random.Next(3).ToString(CultureInfo.InvariantCulture));
        string Name() => "n" + (letters++).ToString(CultureInfo.InvariantCulture);

        // Builds a chain that ends in the given step and answers its first.
        string Chain(int length, int depth, string end)
        {
            var next = end;
            for (var i = 0; i < length; i++)
            {
                var name = Name();
                switch (depth > 0 ? random.Next(4) : random.Next(2))
                {
                    case 0: book.Manual(name, next); next = A(name); break;
                    case 1: book.Http(name, next, random.Next(2) == 0 ? "PUT /x" : "POST /x"); next = A(name); break;
                    case 2:
                        string t = Name(), f = Name();
                        book.If(name, "__v__:value = 1", Chain(random.Next(1, 3), depth - 1, E(t)), random.Next(2) == 0 ? Chain(1, depth - 1, E(f)) : E(f), next).End(t).End(f);
                        next = I(name);
                        break;
                    default:
                        string x = Name();
                        book.Parallel(name, next, [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Chain(random.Next(1, 3), depth - 1, E(x)))]).End(x);
                        next = P(name);
                        break;
                }
            }
            return next;
        }
        book.Start(Chain(random.Next(1, 4), 2, E())).End();
        Assert.Empty(Reading.Of(book).Faults);

        var folder = Directory.CreateTempSubdirectory("beacon-model-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "books"));
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "books", "t.json"), book.Bytes);
            var clock = new FakeTimeProvider(TestHouse.Start);
            var action = new RandomAction(random);
            TestHouse Open() => new(o => { o.PlaybookDirectories.Clear(); o.PlaybookDirectories.Add(Path.Combine(folder.FullName, "books")); }, directory: folder.FullName, clock: clock, replace: s => s.RemoveAll<IPlaybookAction>().AddSingleton<IPlaybookAction>(action));

            var house = Open();
            try
            {
                await house.TakeAsync(Detections.Of());
                var run = (await house.Engine.StartAsync(PlaybookId, (await house.Incidents.ListAsync(new IncidentQuery())).Items[0].Id, Ann)).Value!;
                for (var round = 0; run.Status == RunStatus.Running; round++)
                {
                    Assert.True(round < 400, $"seed {seed} does not end");
                    if (random.Next(3) == 0)
                    {
                        // The process dies, sometimes with steps under way.
                        if (random.Next(2) == 0) await house.Engine.LeaseAsync(4, default);
                        house.Dispose();
                        house = Open();
                        await house.Engine.RecoverAsync(default);
                    }
                    await house.Engine.PumpAsync(default);
                    run = (await house.Engine.FindAsync(run.Id))!.Summary;
                    foreach (var step in run.Active)
                    {
                        if (run.Status != RunStatus.Running) break;
                        var outcome = (step.Status, random.Next(3)) switch
                        {
                            (StepStatus.NeedsPerson, 0) => await house.Engine.RetryAsync(run.Id, step.StepId, run.Version, Ann),
                            (StepStatus.NeedsPerson, 1) => await house.Engine.SkipAsync(run.Id, step.StepId, run.Version, Ann, "not needed"),
                            (StepStatus.NeedsPerson or StepStatus.WaitingForPerson, var n) => await house.Engine.CompleteAsync(run.Id, step.StepId, run.Version, n == 0 ? StepResult.Failed : StepResult.Done, "", Ann),
                            _ => run,
                        };
                        Assert.True(outcome.Done, $"seed {seed}: {outcome.Refusal?.Message}");
                        run = outcome.Value;
                    }
                }
                Assert.Equal(RunStatus.Completed, run.Status);
                var detail = (await house.Engine.FindAsync(run.Id))!;
                Assert.All(detail.Steps, s => Assert.True(s.Summary.Status is StepStatus.Pending or StepStatus.Succeeded or StepStatus.Failed or StepStatus.Skipped, $"seed {seed}: {s.Summary}"));
                Assert.Equal(action.Finished.Count, action.Finished.Distinct().Count());
                Assert.True((await house.Incidents.VerifyTimelineAsync(run.IncidentId)).Intact);
                var told = (await house.Incidents.TimelineAsync(run.IncidentId, 0, 1_000)).Select(e => e.Reference).ToHashSet();
                Assert.All(detail.Steps.Where(s => s.Summary.Status != StepStatus.Pending), s => Assert.Contains($"run:{run.Id}/{s.Summary.StepId}", told));
            }
            finally
            {
                house.Dispose();
            }
        }
        finally
        {
            folder.Delete(true);
        }
    }

    /// <summary>Succeeds or fails by chance. A step under way at a crash was leased, and never came here.</summary>
    private sealed class RandomAction(Random random) : IPlaybookAction
    {
        public List<string> Finished { get; } = [];
        public IReadOnlyList<string> CommandTypes { get; } = ["http-api"];
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);
        public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) { }
        public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => command.Text.StartsWith("PUT", StringComparison.Ordinal);
        public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => false;
        public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command) => [];

        public Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
        {
            lock (Finished)
            {
                Finished.Add(call.IdempotencyKey);
                return Task.FromResult(random.Next(3) == 0 ? ActionResult.Failure("answered 500") : new ActionResult(true, "answered 200", new Dictionary<string, string>()));
            }
        }
    }
}
