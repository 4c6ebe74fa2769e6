using System.Data.Common;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled;

/// <summary>Processes that end, stand still, or speak too late, at every step.</summary>
public sealed class LedgerCrashTests
{
    private static readonly DateTimeOffset Start = LedgerHouse.Start;

    /// <summary>The process ends at its nth transaction, before it is kept or after; another goes on. Whatever n is, each window is closed once and each detection taken once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Looks_ProcessEndsAtAnyTransaction_NeitherLosesNorDoubles(bool kept)
    {
        var crashes = 0;
        for (var at = 1; ; at++)
        {
            MortalState? state = null;
            using var house = new LedgerHouse(inner => state = new MortalState(inner));
            house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
            house.Failures("203.0.113.10", Start.AddMinutes(3), 3);
            house.Failures("203.0.113.11", Start.AddMinutes(6), 3);
            var process = await house.StartAsync();
            house.MoveTo(Start.AddMinutes(8).AddSeconds(6));
            state!.EndAt(at, kept);
            var ended = false;
            try
            {
                await process.LookAsync();
            }
            catch (ProcessEnded)
            {
                ended = true;
            }
            state.EndAt(0, kept);
            // Another node, once the leases have ended.
            house.MoveTo(Start.AddMinutes(10));
            process = await house.StartAsync("two");
            await house.LookAsync(process, Start.AddMinutes(12).AddSeconds(6));
            var windows = await house.WindowsAsync();
            Assert.All(windows, static w => Assert.Equal(WindowState.Done, w.State));
            Assert.Equal(Enumerable.Range(0, 12).Select(static m => Start.AddMinutes(m)), windows.Select(static w => w.Start));
            var taken = await house.Sink.StoredAsync();
            Assert.Equal(3, taken.Count);
            Assert.All(taken, static t => Assert.Equal(1, t.Times));
            Assert.Equal(3, windows.Sum(static w => w.Detections));
            if (!ended) break;
            crashes++;
        }
        // Claim, close with detections (three), close the rest, put aside and claim again: the loop did meet them.
        Assert.InRange(crashes, 5, 100);
    }

    [Fact]
    public async Task Looks_SameNodeStartsAgain_TakesItsOwnWindowsBackAtOnce()
    {
        using var house = new LedgerHouse();
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        var process = await house.StartAsync();
        house.MoveTo(Start.AddSeconds(66));
        Assert.Single(await ClaimAsync(house, process));
        process = await house.StartAsync();
        var window = Assert.Single(await house.WindowsAsync());
        Assert.Equal((WindowState.Done, 2, 2L), (window.State, window.Attempt, window.Token));
        Assert.Single(await house.Sink.StoredAsync());
    }

    [Fact]
    public async Task Looks_OtherNode_WaitsForTheLeaseByTheDatabasesClock()
    {
        using var house = new LedgerHouse();
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        var process = await house.StartAsync();
        house.MoveTo(Start.AddSeconds(66));
        var lease = Assert.Single(await ClaimAsync(house, process));
        var other = await house.StartAsync("two");
        await house.LookAsync(other, Start.AddSeconds(66 + house.Settings.LeaseSeconds - 1));
        Assert.Equal(WindowState.Running, (await house.WindowsAsync())[0].State);
        await house.LookAsync(other, Start.AddSeconds(66 + house.Settings.LeaseSeconds));
        Assert.Equal((WindowState.Done, 2L, "two"), ((await house.WindowsAsync())[0].State, (await house.WindowsAsync())[0].Token, (await house.WindowsAsync())[0].Node));

        // The first wakes up and writes: what it brings is refused, whole.
        var late = new Detection { Id = new DetectionId("late"), RuleId = LedgerHouse.RuleId, RuleTitle = "", RuleKind = "", Severity = Severity.Low, Time = Start, Received = Start, Entity = Entity.Of(EntityKind.Other, "x") };
        await Assert.ThrowsAsync<LeaseLostException>(() => house.Sink.CommitAsync([late], t => process.Ledger.Close(t, lease, new([late], 1), 0, TimeSpan.Zero), default));
        Assert.DoesNotContain(await house.Sink.StoredAsync(), static t => t.Id == "late");
        Assert.Single(await process.Ledger.CloseEmptyAsync([(lease, new([], 1), TimeSpan.Zero)], default));
        await process.Ledger.FailAsync(lease, "late", TimeSpan.Zero, default);
        Assert.Single(await process.Ledger.RenewAsync([lease], default));
        Assert.Equal(WindowState.Done, (await house.WindowsAsync())[0].State);
    }

    [Fact]
    public async Task Looks_LeaseRenewed_IsNotTakenOver()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        house.MoveTo(Start.AddSeconds(66));
        var lease = Assert.Single(await ClaimAsync(house, process));
        house.Time.Advance(TimeSpan.FromSeconds(house.Settings.LeaseSeconds - 1));
        Assert.Empty(await process.Ledger.RenewAsync([lease], default));
        var other = await house.StartAsync("two");
        await house.LookAsync(other, Start.AddSeconds(66 + house.Settings.LeaseSeconds + 10));
        Assert.Equal((WindowState.Running, 1L), ((await house.WindowsAsync())[0].State, (await house.WindowsAsync())[0].Token));
    }

    [Fact]
    public async Task Looks_WindowThatEndsEveryProcess_CountsAsFailedAndWaits()
    {
        using var house = new LedgerHouse();
        await house.StartAsync();
        house.MoveTo(Start.AddSeconds(66));
        LedgerProcess? process = null;
        for (var i = 0; i < OverdueClaims.MaxTakeovers; i++)
        {
            process = await LedgerProcess.CreateAsync(house, "one", []);
            Assert.Single(i == 0 ? await ClaimAsync(house, process) : await OverdueAsync(house, process));
        }
        process = await LedgerProcess.CreateAsync(house, "one", []);
        Assert.Empty(await OverdueAsync(house, process));
        var window = Assert.Single(await house.WindowsAsync());
        Assert.Equal((WindowState.Failed, "10 processes ended while they evaluated it"), (window.State, window.Reason));
        house.MoveTo(Start.AddHours(2));
        Assert.Contains(await OverdueAsync(house, process), static l => l.Attempt == 11);
    }

    private static Task<IReadOnlyList<WindowLease>> ClaimAsync(LedgerHouse house, LedgerProcess process) => process.Ledger.ClaimLiveAsync(Plan(process), house.Watermark.CompleteUpTo, default);

    private static Task<IReadOnlyList<WindowLease>> OverdueAsync(LedgerHouse house, LedgerProcess process) => process.Ledger.ClaimOverdueAsync(Plan(process), house.Watermark.CompleteUpTo, default);

    private static List<PlannedRule> Plan(LedgerProcess process) => [.. process.Catalog.Scheduled.Select(static s => new PlannedRule(s.Rule, s.Enabled, false, true, s.Rule.Lateness))];

    private sealed class ProcessEnded() : OperationCanceledException("the process has ended");

    /// <summary>A database whose user ends at a transaction, before it is kept or right after, and does nothing any more.</summary>
    private sealed class MortalState(IStateDatabase inner) : IStateDatabase
    {
        private int _left;
        private bool _kept;
        private bool _ended;

        /// <param name="transaction">0 for never.</param>
        public void EndAt(int transaction, bool kept) => (_left, _kept, _ended) = (transaction, kept, false);

        public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation) => _ended ? throw new ProcessEnded() : inner.ReadAsync(read, cancellation);

        public async Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation)
        {
            if (_ended) throw new ProcessEnded();
            if (_left == 0 || Interlocked.Decrement(ref _left) != 0) return await inner.WriteAsync(write, cancellation);
            _ended = true;
            if (_kept) await inner.WriteAsync(write, cancellation);
            throw new ProcessEnded();
        }

        public bool IsShared => inner.IsShared;
    public DateTimeOffset Now(DbConnection connection) => inner.Now(connection);
    }
}
