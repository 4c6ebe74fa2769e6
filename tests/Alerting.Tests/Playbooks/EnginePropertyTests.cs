using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Tests.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Runs;
using Beacon.Events;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>
/// Random playbooks of all step types, random failures, random crashes: no step is lost, none starts twice within an attempt,
/// the end is reached, the timeline is complete. A crash is a new engine over the same state; the old one never comes back.
/// </summary>
public sealed class EnginePropertyTests
{
    private const int PerHouse = 150;

    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);
    private static readonly Actor Bob = new("bob", [RoleNames.Supervisor]);
    private static readonly Actor Cleo = new("cleo", [RoleNames.Administrator]);

    // PostgreSQL takes several times as long for the same transactions.
    private static readonly int Runs = Environment.GetEnvironmentVariable("BEACON_TEST_STATE") == "postgres" ? 240 : 1_600;

    [Fact]
    public async Task RandomPlaybook_WithFailuresAndCrashes_ReachesItsEnd()
    {
        var seeds = new List<int>();
        Gen.Int[0, int.MaxValue - 1].List[Runs].Sample(s => { lock (seeds) if (seeds.Count == 0) seeds.AddRange(s); }, iter: 1, threads: 1);
        // Loops that a person tried again, and a loop within a loop.
        (seeds[0], seeds[1], seeds[2]) = (425241586, 952327468, 1310117708);
        var told = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(seeds.Chunk(PerHouse), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (chunk, _) =>
        {
            using var scene = new Scene();
            foreach (var seed in chunk) await scene.RunAsync(seed, told);
            await scene.EndAsync();
        });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", told.OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Value}")));
        Assert.Equal(Runs, told["runs"]);
        // Everything that can happen did: else the property says less than it seems to.
        foreach (var what in new[] { "crashes", "crashes within a call", "approvals", "refusals", "expired", "retries", "skips", "pauses", "children", "rounds", "completed", "failed" }) Assert.True(told.GetValueOrDefault(what) >= Math.Max(1, Runs / 600), what);
    }

    private sealed class Scene : IDisposable
    {
        // In memory where there is such a place: the death of a process is tried here, not that of a disk, and hundreds of thousands of commits need not wait for one.
        private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "beacon-model-" + Guid.NewGuid().ToString("N")));
        private readonly TestHouse _house;
        private readonly ChanceAction _action = new();
        private PlaybookEngine _engine;
        private long _incident;
        private int _version;

        public Scene()
        {
            _house = new TestHouse(o =>
            {
                o.PlaybookDirectories.Clear();
                o.Playbooks.MaxIterations = 3;
            }, directory: _folder.FullName, replace: s => s.RemoveAll<IPlaybookAction>().AddSingleton<IPlaybookAction>(_action));
            _engine = NewEngine();
        }

        private PlaybookEngine NewEngine() => ActivatorUtilities.CreateInstance<PlaybookEngine>(_house.Get<IServiceProvider>());

        public async Task RunAsync(int seed, ConcurrentDictionary<string, int> told)
        {
            void Count(string what) => told.AddOrUpdate(what, 1, (_, n) => n + 1);
            var random = new Random(seed);
            if (_incident == 0)
            {
                await _house.TakeAsync(Detections.Of());
                _incident = (await _house.Incidents.ListAsync(new IncidentQuery())).Items[0].Id;
                await KeepAsync(RandomBook.Child());
            }
            var book = new RandomBook(random).Make().Book;
            var (playbook, faults) = PlaybookReader.Read(book.Bytes, TestHouse.Start, _house.Get<PlaybookActions>(), FixedSecrets.None);
            Assert.True(faults.Count == 0, $"seed {seed}: {string.Join("; ", faults)}");
            await KeepAsync(book);
            _action.Begin(random);
            var before = await _house.Database.ReadAsync(c => c.Scalar<long?>("SELECT max(sequence) FROM alerting_timeline WHERE incident_id = @p0", _incident) ?? 0);
            var started = await _engine.StartAsync(PlaybookJson.PlaybookId, _incident, Ann);
            Assert.True(started.Done, $"seed {seed}: {started.Refusal?.Message.ToString()}");
            var id = started.Value.Id;
            for (var round = 0; ; round++)
            {
                Assert.True(round < 600, $"seed {seed} does not end");
                if (random.Next(3) == 0)
                {
                    // The process dies: between two transactions, after it leased steps, or within their calls.
                    switch (random.Next(3))
                    {
                        case 0: await _engine.LeaseAsync(4, default); break;
                        case 1: await DieWithinAsync(); Count("crashes within a call"); break;
                    }
                    _engine = NewEngine();
                    await _engine.RecoverAsync(default);
                    Count("crashes");
                }
                await _engine.PumpAsync(default);
                var open = await _engine.ListAsync(_incident, openOnly: true);
                if (open.Count == 0) break;
                var hour = _house.Clock.GetUtcNow();
                foreach (var run in open) if (_house.Clock.GetUtcNow() == hour) await PersonAsync(run, random, seed, Count);
                if (open.All(r => r.Active.All(s => s.Status is StepStatus.Delayed))) _house.Clock.Advance(TimeSpan.FromMinutes(1));
            }
            await CheckAsync(id, playbook!, seed, before, Count);
            Count("runs");
        }

        /// <summary>Calls reach their targets and the process dies before it can write down what they answered.</summary>
        private async Task DieWithinAsync()
        {
            using var death = new CancellationTokenSource();
            _action.Death = death;
            await _engine.PumpAsync(death.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            _action.Death = null;
        }

        private async Task PersonAsync(RunSummary listed, Random random, int seed, Action<string> count)
        {
            // What was done to another run since the list was read may have reached this one.
            if (await OpenAsync(listed.Id) is not { } run) return;
            if (run.Status == RunStatus.Paused)
            {
                if (run.ParentRunId is null) Assert.True((await _engine.ResumeAsync(run.Id, run.Version, Ann)).Done);
                return;
            }
            if (run.ParentRunId is null && random.Next(12) == 0)
            {
                count("pauses");
                Assert.True((await _engine.PauseAsync(run.Id, run.Version, Ann)).Done);
                return;
            }
            foreach (var step in run.Active)
            {
                if (await OpenAsync(run.Id) is not { Status: RunStatus.Running } now || now.Active.FirstOrDefault(s => s.StepId == step.StepId) is not { } present) return;
                var version = now.Version;
                Outcome<RunSummary>? done = (present.Status, random.Next(4)) switch
                {
                    (StepStatus.NeedsPerson, 0) => Said("retries", await _engine.RetryAsync(run.Id, step.StepId, version, Ann)),
                    (StepStatus.NeedsPerson, 1) => Said("skips", await _engine.SkipAsync(run.Id, step.StepId, version, Ann, "not needed")),
                    (StepStatus.NeedsPerson or StepStatus.WaitingForPerson, var n) => await _engine.CompleteAsync(run.Id, step.StepId, version, n == 2 ? StepResult.Failed : StepResult.Done, "", Ann),
                    (StepStatus.WaitingForApproval, 0) => Said("refusals", await _engine.RefuseAsync(run.Id, step.StepId, version, Bob, "no")),
                    (StepStatus.WaitingForApproval, 1) => Later(),
                    (StepStatus.WaitingForApproval, _) => Said("approvals", await _engine.ApproveAsync(run.Id, step.StepId, version, Cleo)),
                    _ => null,
                };
                // What waits for approval beside it is too late as well: first the engine sees to that.
                if (done is null && present.Status == StepStatus.WaitingForApproval) return;
                if (done is { Done: false } refused) Assert.Fail($"seed {seed}: {refused.Refusal.Message}");
            }

            Outcome<RunSummary> Said(string what, Outcome<RunSummary> outcome)
            {
                count(what);
                return outcome;
            }

            Outcome<RunSummary>? Later()
            {
                count("expired");
                _house.Clock.Advance(TimeSpan.FromHours(1));
                return null;
            }
        }

        private async Task<RunSummary?> OpenAsync(string run) => (await _engine.ListAsync(_incident, openOnly: true)).FirstOrDefault(r => r.Id == run);

        private async Task CheckAsync(string id, Playbook playbook, int seed, long before, Action<string> count)
        {
            var detail = (await _engine.FindAsync(id))!;
            Assert.True(detail.Summary.Status is RunStatus.Completed or RunStatus.Failed, $"seed {seed}: {detail.Summary.Status}");
            count(detail.Summary.Status == RunStatus.Completed ? "completed" : "failed");
            Assert.All(detail.Steps, s => Assert.True(s.Summary.Status is StepStatus.Pending or StepStatus.Succeeded or StepStatus.Failed or StepStatus.Skipped, $"seed {seed}: {s.Summary}"));
            var steps = detail.Steps.ToDictionary(s => s.Summary.StepId);
            // No step lost and none done that nothing led to.
            var done = steps.Where(s => s.Value.Summary.Status != StepStatus.Pending).Select(s => s.Key).Order(StringComparer.Ordinal);
            Assert.True(RandomBook.Walked(playbook, steps).Order(StringComparer.Ordinal).SequenceEqual(done), $"seed {seed}: walked otherwise than done");
            _action.Check(seed);
            var entries = (await TimelineAsync(before)).Select(e => e.Reference).ToHashSet();
            foreach (var runId in await _house.Database.ReadAsync(c => c.Query("SELECT id FROM alerting_runs WHERE id = @p0 OR parent_run = @p0", r => r.GetString(0), id)))
            {
                var run = (await _engine.FindAsync(runId))!;
                foreach (var step in run.Steps.Where(s => s.Summary.Status != StepStatus.Pending)) Assert.True(entries.Contains($"run:{runId}/{step.Summary.StepId}"), $"seed {seed}: the timeline does not tell of {step.Summary}");
                if (run.Summary.ParentRunId is not null) count("children");
            }
            if (detail.Steps.Any(s => s.Iteration > 0)) count("rounds");
        }

        public async Task EndAsync() => Assert.True((await _house.Incidents.VerifyTimelineAsync(_incident)).Intact);

        private async Task<List<TimelineEntry>> TimelineAsync(long after)
        {
            var all = new List<TimelineEntry>();
            for (long from = after; ;)
            {
                var page = await _house.Incidents.TimelineAsync(_incident, from, 1_000);
                if (page.Count == 0) return all;
                all.AddRange(page);
                from = page[^1].Sequence;
            }
        }

        /// <summary>Puts a playbook where the engine finds it, as an import does.</summary>
        private Task<int> KeepAsync(PlaybookJson book) => _house.Database.WriteAsync(t => t.Execute(
            "INSERT INTO alerting_playbooks(id, version, name, modified, document, withdrawn, changed_by, changed_at, reason) VALUES (@p0,@p1,'Test',0,@p2,0,'test',0,'')",
            book.Root["id"]!.GetValue<string>(), ++_version, Encoding.UTF8.GetString(book.Bytes)));

        public void Dispose()
        {
            _house.Dispose();
            _folder.Delete(true);
        }
    }

    /// <summary>Answers by chance, and keeps by key what it was asked to do.</summary>
    private sealed class ChanceAction : IPlaybookAction
    {
        private readonly Dictionary<string, (int Begun, int Answered, bool Changes)> _calls = [];
        private Random _random = new(0);

        /// <summary>Ends the process within the next call.</summary>
        public CancellationTokenSource? Death { get; set; }

        public IReadOnlyList<string> CommandTypes { get; } = ["http-api"];
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);
        public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) { }
        public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => true;
        public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => command.Text.StartsWith("POST", StringComparison.Ordinal);
        public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command) => [command.Text];

        public void Begin(Random random)
        {
            _random = random;
            _calls.Clear();
        }

        public Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
        {
            lock (_calls)
            {
                var (begun, answered, _) = _calls.GetValueOrDefault(call.IdempotencyKey);
                _calls[call.IdempotencyKey] = (begun + 1, Death is null ? answered + 1 : answered, ChangesTarget(call.Step, command));
                if (Death is { } death)
                {
                    death.Cancel();
                    return Task.FromCanceled<ActionResult>(death.Token);
                }
                if (_random.Next(3) == 0) return Task.FromResult(ActionResult.Failure("answered 500"));
                return Task.FromResult(new ActionResult(true, "answered 200", new Dictionary<string, string>
                {
                    ["__v__"] = _random.Next(3).ToString(CultureInfo.InvariantCulture), ["__left__"] = _random.Next(3).ToString(CultureInfo.InvariantCulture), ["__level__"] = _random.Next(2) == 0 ? "high" : "low",
                }));
            }
        }

        public void Check(int seed)
        {
            lock (_calls)
            {
                Assert.All(_calls, c => Assert.True(!c.Value.Changes || c.Value.Begun == 1, $"seed {seed}: {c.Key} changed its target {c.Value.Begun} times"));
                Assert.All(_calls, c => Assert.True(c.Value.Answered <= 1, $"seed {seed}: {c.Key} was done {c.Value.Answered} times"));
            }
        }
    }
}
