using Beacon.Detections.Correlation;
using Beacon.Detections.Rules;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Detections.Tests.Correlation;

/// <summary>Correlations over the real state database, with the process killed between any two steps of the pipeline.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly string Correlations =
        Timeline.Rule("event_count", "[a]", "{gte: 4}", id: 1, name: "many") + Timeline.Rule("temporal_ordered", "[many, b]", "", groupBy: "[user.name]", id: 2, name: "chain", more: "  generate: true\n")
        + Timeline.Rule("event_count", "[a, b]", "{lt: 3}", id: 3, name: "few") + Timeline.Rule("value_count", "[a]", "{gte: 3, field: user.name}", id: 4, name: "spray", timespan: "20s")
        + Timeline.Rule("temporal", "[b, c]", "b and not c", id: 5, name: "unanswered", timespan: "15s") + Timeline.Rule("value_sum", "[a, c]", "{gt: 20, field: network.bytes}", id: 6, name: "sum", timespan: "30s");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-restart");
    private int _houses;

    public RestartTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "rules"));
        File.WriteAllText(Path.Combine(_folder.FullName, "rules", "all.yml"), Timeline.Rules("a", "b", "c") + Correlations);
    }

    private static readonly Gen<NaiveEvent> AnyEvent =
        from gap in Gen.Int[0, 8]
        from action in Gen.Int[0, 4]
        from g in Gen.Int[1, 2]
        from user in Gen.Int[1, 4]
        from bytes in Gen.Int[0, 9]
        select new NaiveEvent(gap, 0, action switch { 0 or 1 => "a", 2 => "b", 3 => "c", _ => "ab" }, g, user, bytes);

    [Fact]
    public void Detect_KilledAnywhere_KeepsEveryDetectionOnce()
    {
        var kept = 0;
        Gen.Select(AnyEvent.Array[5, 40], Gen.Int[0, 4].Array[60]).Sample((gaps, fates) =>
        {
            var now = 0;
            var events = gaps.Select((e, i) => e with { Seconds = now += e.Seconds, Order = i + 1 }).ToArray();
            using var whole = new House(this, ++_houses);
            whole.Open();
            foreach (var e in events)
            {
                whole.Detect(e);
                whole.Commit();
            }
            whole.Finish(now + 1_000);
            using var broken = new House(this, ++_houses);
            broken.Open();
            var fate = 0;
            for (var next = 0; next < events.Length;)
            {
                for (var n = 0; n < 3 && next < events.Length; n++) broken.Detect(events[next++]);
                switch (fates[fate++ % fates.Length])
                {
                    // Killed before the commit: what the events did is gone, and the spool has them still.
                    case 0:
                        broken.Open();
                        next = broken.Checkpoint;
                        // Time went on, so that the same place is passed at last.
                        if (fate > 200) fates[fate % fates.Length] = 2;
                        break;
                    // Killed in the transaction: it is rolled back.
                    case 1:
                        broken.CommitAndFail();
                        broken.Open();
                        next = broken.Checkpoint;
                        break;
                    // Killed behind it.
                    case 2:
                        broken.Commit();
                        broken.Open();
                        break;
                    // A transaction that fails is tried again, with what came meanwhile.
                    case 3:
                        broken.CommitAndFail();
                        broken.Commit();
                        break;
                    default:
                        broken.Commit();
                        break;
                }
                if (fate > 400) break;
            }
            foreach (var e in events.Skip(broken.Checkpoint))
            {
                if (e.Order > broken.Seen) broken.Detect(e);
            }
            broken.Commit();
            broken.Finish(now + 1_000);
            Assert.Equal(whole.Kept, broken.Kept);
            kept += whole.Kept.Count;
        }, iter: 60, threads: 1);
        // Not for want of detections.
        Assert.True(kept > 500, $"{kept} detections");
    }

    [Fact]
    public void TakeChanges_LongRun_KeepsTheJournalSmallAndTheStateWhole()
    {
        using var house = new House(this, ++_houses);
        house.Open();
        for (var i = 1; i <= 2_200; i++)
        {
            house.Detect(new NaiveEvent(i * 10, i, "a", i % 50, i % 3, 1));
            house.Commit();
        }
        Assert.InRange(house.JournalRows, 1, 2_001);
        // Three more of an address whose four events within a minute are due.
        house.Detect(new NaiveEvent(22_001, 2_201, "a", 99, 1, 1));
        house.Detect(new NaiveEvent(22_002, 2_202, "a", 99, 1, 1));
        house.Detect(new NaiveEvent(22_003, 2_203, "a", 99, 1, 1));
        house.Commit();
        house.Open();
        house.Detect(new NaiveEvent(22_004, 2_204, "a", 99, 1, 1));
        Assert.Contains(house.Waiting, static d => d.RuleTitle == "many");
    }

    [Fact]
    public void Advance_AllIsPast_EmptiesTheJournal()
    {
        using var house = new House(this, ++_houses);
        house.Open();
        house.Detect(new NaiveEvent(0, 1, "a", 1, 1, 1));
        house.Commit();
        Assert.Equal(1, house.JournalRows);
        house.Finish(10_000);
        house.Commit();
        Assert.Equal(0, house.JournalRows);
    }

    [Fact]
    public void Open_CorrelationChanged_ForgetsWhatTheOldOneSaw()
    {
        using var house = new House(this, ++_houses);
        house.Open();
        for (var i = 1; i <= 3; i++) house.Detect(new NaiveEvent(i, i, "a", 1, 1, 1));
        house.Commit();
        var file = Path.Combine(_folder.FullName, "rules", "all.yml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("{gte: 4}", "{gte: 2}", StringComparison.Ordinal));
        house.Open();
        house.Detect(new NaiveEvent(4, 4, "a", 1, 1, 1));
        Assert.DoesNotContain(house.Waiting, static d => d.RuleTitle == "many");
        house.Detect(new NaiveEvent(5, 5, "a", 1, 1, 1));
        Assert.Contains(house.Waiting, static d => d.RuleTitle == "many");
    }

    [Fact]
    public void Open_DamagedChunk_GoesOnWithTheRest()
    {
        using var house = new House(this, ++_houses);
        house.Open();
        for (var i = 1; i <= 3; i++) house.Detect(new NaiveEvent(i, i, "a", 1, 1, 1));
        house.Commit();
        house.Write(static tx =>
        {
            tx.Execute("INSERT INTO detection_correlation_journal(id, chunk) VALUES (900, @p0)", new byte[] { 1, (byte)'E', 200 });
            tx.Execute("INSERT INTO detection_correlation_journal(id, chunk) VALUES (901, @p0)", new byte[] { 9 });
        });
        house.Open();
        house.Detect(new NaiveEvent(4, 4, "a", 1, 1, 1));
        Assert.Contains(house.Waiting, static d => d.RuleTitle == "many");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A detector over a state database that outlives it, and what the pipeline does around it.</summary>
    private sealed class House : IDisposable
    {
        private static readonly StateSchema Schema = new("test", ["CREATE TABLE kept(id TEXT PRIMARY KEY, what TEXT NOT NULL)", "CREATE TABLE checkpoint(one INTEGER PRIMARY KEY, sequence INTEGER NOT NULL)"]);
        private readonly SqliteStateDatabase _database;
        private readonly string _rules;
        private readonly List<Action<System.Data.Common.DbTransaction>> _changes = [];
        private ServiceProvider? _provider;
        private IStreamDetector _detector = null!;

        public House(RestartTests test, int number)
        {
            _rules = Path.Combine(test._folder.FullName, "rules");
            _database = SqliteStateDatabase.Open(Path.Combine(test._folder.FullName, $"state{number}.db"), [DetectionsModule.Schema, Schema]);
        }

        public List<Detection> Waiting { get; } = [];
        public int Seen { get; private set; }
        public int Checkpoint => _database.ReadAsync(static db => db.Scalar<int>("SELECT MAX(sequence) FROM checkpoint")).Result;
        public int JournalRows => _database.ReadAsync(static db => db.Scalar<int>("SELECT COUNT(*) FROM detection_correlation_journal")).Result;
        public List<string> Kept => _database.ReadAsync(static db => db.Query("SELECT what FROM kept ORDER BY what, id", static r => r.GetString(0))).Result;

        /// <summary>A new process: nothing but the database is left of the old one.</summary>
        public void Open()
        {
            _provider?.Dispose();
            Waiting.Clear();
            _changes.Clear();
            var services = new ServiceCollection();
            services.AddMetrics().AddLogging();
            services.AddSingleton<IStateDatabase>(_database).AddSingleton<IEventStore, FakeEventStore>().AddSingleton<IIngestWatermark>(new FakeWatermark());
            services.AddSingleton<ISourceActivity, FakeActivity>().AddSingleton<IDetectionSink, FakeSink>();
            services.AddDetections(o => (o.ShippedRules, o.UserRules, o.CorrelationLatenessSeconds) = (_rules, _rules + "-own", 10));
            _provider = services.BuildServiceProvider();
            var catalog = _provider.GetRequiredService<RuleCatalog>();
            catalog.ReloadAsync(default).GetAwaiter().GetResult();
            Assert.Empty(catalog.Faults);
            _provider.GetRequiredService<StreamCorrelations>().LoadAsync(catalog.Current.Correlations, default).GetAwaiter().GetResult();
            _detector = _provider.GetRequiredService<IStreamDetector>();
            Seen = Checkpoint;
        }

        public void Detect(NaiveEvent written)
        {
            var e = Timeline.Event(written.ToString(), written.Order);
            _detector.Detect(e, Waiting);
            _detector.Advance(e.Received, Waiting);
            Seen = written.Order;
        }

        public void Commit()
        {
            if (_detector.TakeChanges() is { } changes) _changes.Add(changes);
            Write(Keep);
            Waiting.Clear();
            _changes.Clear();
        }

        public void CommitAndFail()
        {
            if (_detector.TakeChanges() is { } changes) _changes.Add(changes);
            Assert.Throws<InvalidOperationException>(() => Write(tx =>
            {
                Keep(tx);
                throw new InvalidOperationException("killed");
            }));
        }

        public void Finish(int seconds)
        {
            _detector.Advance(Timeline.Start.AddSeconds(seconds), Waiting);
            Commit();
        }

        public void Write(Action<System.Data.Common.DbTransaction> write) => _database.WriteAsync(tx =>
        {
            write(tx);
            return 0;
        }).GetAwaiter().GetResult();

        private void Keep(System.Data.Common.DbTransaction tx)
        {
            foreach (var d in Waiting) tx.Execute("INSERT INTO kept(id, what) VALUES (@p0, @p1)", d.Id.Value, $"{d.RuleTitle} {d.Entity} {d.Time:O} {d.Summary}");
            foreach (var change in _changes) change(tx);
            tx.Execute("INSERT INTO checkpoint(one, sequence) VALUES (1, @p0) ON CONFLICT(one) DO UPDATE SET sequence = excluded.sequence", Seen);
        }

        public void Dispose()
        {
            _provider?.Dispose();
            _database.Dispose();
        }
    }
}
