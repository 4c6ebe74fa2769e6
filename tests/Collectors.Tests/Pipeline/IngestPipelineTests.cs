using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Quarantine;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Collectors.Tests.Pipeline;

public sealed class IngestPipelineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Frames(int count) => [.. Enumerable.Range(0, count).Select(i => i % 10 == 3 ? $"line {i} attack" : i % 25 == 7 ? "\0\u0001\u0002 binary" : $"line {i}")];

    [Fact]
    public async Task Frames_OfEveryKind_AreStoredMatchedQuarantinedAndCounted()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        await rig.SendAsync("http", Frames(100));
        await rig.DrainAsync();
        Assert.Equal(96, rig.Store.Events.Count);
        Assert.Equal(10, rig.Found().Count);
        Assert.Equal(new LedgerCounts(100, 96, 4, 0), await rig.TotalAsync("http"));
        Assert.Equal(4, rig.Quarantine.Count);
        Assert.Equal(0, rig.Ledger.InFlight);
        Assert.Equal("unknown", rig.Store.Events[1].GetText(Field.EventDataset));
    }

    /// <summary>A server's mapping refuses one, and has no room to keep another aside; the process dies between the store and the ledger.</summary>
    [Fact]
    public async Task Refused_ByTheStore_IsQuarantinedOrDroppedInTheLedgerAlsoAfterACrash()
    {
        var store = new FakeStore { Refuse = static e => e.Sequence switch { 2 or 60 => true, 5 or 61 => false, _ => null } };
        var rig = await Rig.CreateAsync(_folder.Path, store);
        await rig.SendAsync("http", [.. Enumerable.Range(0, 50).Select(i => $"line {i}")]);
        await rig.DrainAsync();
        Assert.Equal(new LedgerCounts(50, 48, 1, 1), await rig.TotalAsync("http"));
        var fell = new TaskCompletionSource();
        store.After = () =>
        {
            fell.TrySetResult();
            throw new Crash();
        };
        await rig.SendAsync("http", [.. Enumerable.Range(50, 50).Select(i => $"line {i}")]);
        await fell.Task;
        await rig.CrashAsync();
        store.After = null;
        await using var last = await Rig.CreateAsync(_folder.Path, store);
        await last.DrainAsync();
        Assert.Equal(new LedgerCounts(100, 96, 2, 2), await last.TotalAsync("http"));
    }

    public static TheoryData<string> Places => ["store-before", "store-after", "sink-before", "sink-after", "state-before", "state-after"];

    /// <summary>The process "dies" at each step; after the restart each stage has every frame exactly once.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public async Task Crash_AtAnyStep_EachStageTakesEveryFrameExactlyOnce(string place)
    {
        var store = new FakeStore();
        for (var round = 0; round < 4; round++)
        {
            var rig = await Rig.CreateAsync(_folder.Path, store);
            await rig.SendAsync("http", Frames(50));
            var countdown = round + 1;
            var fell = new TaskCompletionSource();
            void Fall()
            {
                if (Interlocked.Decrement(ref countdown) > 0) return;
                fell.TrySetResult();
                throw new Crash();
            }
            switch (place)
            {
                case "store-before": rig.Store.Before = Fall; break;
                case "store-after": rig.Store.After = Fall; break;
                case "sink-before": rig.Sink.Before = Fall; break;
                case "sink-after": rig.Sink.After = Fall; break;
                case "state-before": rig.State.BeforeWrite = Fall; break;
                default: rig.State.AfterWrite = Fall; break;
            }
            for (var i = 0; i < 10; i++) await rig.SendAsync("http", Frames(50));
            await Task.WhenAny(fell.Task, rig.DrainAsync());
            await rig.CrashAsync();
            store.Before = store.After = null;
        }
        await using var last = await Rig.CreateAsync(_folder.Path, store);
        await last.DrainAsync();
        Assert.Empty(store.Doubles);
        const int sent = 4 * 11 * 50, unreadable = 4 * 11 * 2;
        Assert.Equal(sent - unreadable, store.Events.Count);
        Assert.Equal(new LedgerCounts(sent, sent - unreadable, unreadable, 0), await last.TotalAsync("http"));
        Assert.Equal(unreadable, last.Quarantine.Count);
        Assert.Equal(4 * 11 * 5, last.Found().Count);
        // The sink drops a detection that it has, by its id; a second hand-over is allowed only where the first one's answer was lost.
        if (place != "sink-after" && place != "state-after") Assert.All(last.Found().Values, times => Assert.Equal(1, times));
        // What the detector remembers is in step with its checkpoint.
        Assert.Equal(store.Events.Keys.Order(), last.Seen().Keys.Order());
        if (place != "sink-after" && place != "state-after") Assert.All(last.Seen().Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task Advance_NoFrames_TimeGoesOnAllTheSame()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        await using var rig = await Rig.CreateAsync(_folder.Path, time: time);
        var detector = (FakeDetector)rig.Services.GetRequiredService<IStreamDetector>();
        await Rig.UntilAsync(() => detector.Clock == time.GetUtcNow());
        for (var i = 0; i < 3; i++)
        {
            await Rig.UntilAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return detector.Clock > new DateTimeOffset(2026, 11, 24, 8, 0, i, TimeSpan.Zero);
            });
        }
    }

    [Fact]
    public async Task Store_FailingForAWhile_NothingIsLostAndDetectionsComeAllTheSame()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var broken = true;
        rig.Store.Before = () =>
        {
            if (Volatile.Read(ref broken)) throw new IOException("disk full");
        };
        await rig.SendAsync("http", Frames(20));
        await Rig.UntilAsync(() => rig.Found().Count == 2);
        Assert.Empty(rig.Store.Events);
        Assert.True(rig.Ledger.InFlight > 0);
        Volatile.Write(ref broken, false);
        await rig.DrainAsync();
        Assert.Equal(19, rig.Store.Events.Count);
    }

    [Fact]
    public async Task Stop_WithFramesUnderWay_DrainsThem()
    {
        var store = new FakeStore();
        await using (var rig = await Rig.CreateAsync(_folder.Path, store)) await rig.SendAsync("http", Frames(100));
        Assert.Equal(96, store.Events.Count);
    }

    [Fact]
    public async Task SpoolRemoved_StoreKept_NewFramesAreNotTakenForOldOnes()
    {
        var store = new FakeStore();
        await using (var rig = await Rig.CreateAsync(_folder.Path, store)) await rig.SendAsync("http", "one", "two");
        Directory.Delete(Path.Combine(_folder.Path, "spool"), recursive: true);
        await using var again = await Rig.CreateAsync(_folder.Path, store);
        var result = await again.SendAsync("http", "three");
        Assert.Equal(3, result.First);
        await again.DrainAsync();
        Assert.Equal("three", store.Events[3].GetText(Field.Message));
        Assert.Equal(new LedgerCounts(3, 3, 0, 0), await again.TotalAsync("http"));
    }

    [Fact]
    public async Task SpoolDamaged_LostFramesAreCountedAsDropped()
    {
        var store = new FakeStore();
        var rig = await Rig.CreateAsync(_folder.Path, store, start: false);
        await rig.SendAsync("http", "one", "two", "three");
        await rig.CrashAsync();
        var segment = Directory.GetFiles(Path.Combine(_folder.Path, "spool"), "*.seg").Single();
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.AsSpan().IndexOf("two"u8)] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        await using var again = await Rig.CreateAsync(_folder.Path, store);
        await again.DrainAsync();
        Assert.Equal([1, 3], store.Events.Keys.Order());
        Assert.Equal(new LedgerCounts(1, 0, 0, 1), await again.TotalAsync(LossLedger.SpoolSource));
        Assert.Equal(new LedgerCounts(2, 2, 0, 0), await again.TotalAsync("http"));
    }

    [Fact]
    public async Task Quarantine_Replayed_MovesToStoredInItsOwnMinuteOnce()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        await rig.Sources.SaveAsync(rig.Sources.Find("http")! with { Format = "json" }, default);
        await rig.SendAsync("http", "not json", """{"message":"fine"}""", "attack, not json either");
        await rig.DrainAsync();
        Assert.Equal(new LedgerCounts(3, 1, 2, 0), await rig.TotalAsync("http"));
        var held = await rig.Quarantine.ListAsync("http", null, 10, default);
        Assert.Equal([3, 1], held.Select(h => h.Sequence));
        Assert.Contains("JSON", held[0].Reason, StringComparison.Ordinal);
        Assert.Equal("not json"u8.ToArray(), (await rig.Quarantine.GetAsync(1, default))!.Frame.ToArray());

        // With the same parser it fails again, and stays.
        Assert.Equal(1, await rig.Quarantine.ReplayAsync(QuarantineSelection.One(1), default));
        await rig.DrainAsync();
        Assert.Equal(new LedgerCounts(3, 1, 2, 0), await rig.TotalAsync("http"));
        Assert.False((await rig.Quarantine.GetAsync(1, default))!.Replaying);

        await rig.Sources.SaveAsync(rig.Sources.Find("http")! with { Format = "auto" }, default);
        Assert.Equal(2, await rig.Quarantine.ReplayAsync(QuarantineSelection.Of("http"), default));
        Assert.Equal(0, await rig.Quarantine.ReplayAsync(QuarantineSelection.All, default));
        await rig.DrainAsync();
        Assert.Equal(new LedgerCounts(3, 3, 0, 0), await rig.TotalAsync("http"));
        Assert.Equal(0, rig.Quarantine.Count);
        Assert.Equal(3, rig.Store.Events.Count);
        Assert.Single(rig.Found());
    }

    [Fact]
    public async Task Quarantine_DeletedOrFull_CountsAsDropped()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path, configure: o => o.QuarantineMaxFrames = 2);
        await rig.SendAsync("http", "\0a", "\0b", "\0c", "\0d", "text");
        await rig.DrainAsync();
        Assert.Equal(new LedgerCounts(5, 1, 2, 2), await rig.TotalAsync("http"));
        Assert.Equal(1, await rig.Quarantine.DeleteAsync(QuarantineSelection.One(1), default));
        Assert.Equal(new LedgerCounts(5, 1, 1, 3), await rig.TotalAsync("http"));
        Assert.Equal(1, rig.Quarantine.Count);
    }

    [Fact]
    public async Task Drops_BeforeTheSpool_AreInTheLedger()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        rig.Intake.Drop("syslog-udp", 7, "kernel buffer full");
        await rig.Ledger.FlushDropsAsync(default);
        Assert.Equal(new LedgerCounts(7, 0, 0, 7), await rig.TotalAsync("syslog-udp"));
    }

    [Fact]
    public async Task CompleteUpTo_WhileTheStoreHangs_StaysBeforeTheFirstOpenFrame()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        rig.Store.Before = () => throw new IOException("down");
        var before = TimeProvider.System.GetUtcNow();
        await rig.SendAsync("http", "one");
        var after = TimeProvider.System.GetUtcNow();
        Assert.True(rig.Pipeline.CompleteUpTo <= after);
        rig.Store.Before = null;
        await rig.DrainAsync();
        Assert.True(rig.Pipeline.CompleteUpTo >= before);
        Assert.Equal(0, rig.Pipeline.InFlight);
    }

    [Fact]
    public async Task LearnedDocuments_AfterRestart_AreKnown()
    {
        var store = new FakeStore();
        await using (var rig = await Rig.CreateAsync(_folder.Path, store))
        {
            var batch = rig.Intake.NewBatch("http");
            batch.Add("{}"u8, FrameMeta.Document(42, "logs"u8));
            await rig.Intake.AppendAsync(batch, wait: false, default);
        }
        await using var again = await Rig.CreateAsync(_folder.Path, store);
        var documents = (Beacon.Collectors.Receivers.Http.RecentDocuments)again.Services.GetService(typeof(Beacon.Collectors.Receivers.Http.RecentDocuments))!;
        Assert.Equal(Beacon.Collectors.Receivers.Http.DocumentClaim.Known, documents.Claim(42));
        Assert.Equal(Beacon.Collectors.Receivers.Http.DocumentClaim.New, documents.Claim(43));
    }
}
