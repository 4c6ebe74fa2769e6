using System.Globalization;
using Beacon.EndToEnd.Tests.Support;

namespace Beacon.EndToEnd.Tests.Cluster;

/// <summary>
/// Several processes share one ledger in a real PostgreSQL. Whatever happens to them, every window is closed once: the store names
/// each group after the process that asked, so that a window closed by two would be two detections.
/// </summary>
public sealed class ClusterTests
{
    private const int Rules = 4;

    [Fact]
    public async Task Nodes_TwoProcesses_ShareTheWindowsWithoutGapOrDouble()
    {
        await using var house = new ClusterHouse(Rules);
        await house.StartAsync("a");
        await house.StartAsync("b");
        await DoneAsync(house, 20);
        await AssertOnceAsync(house);
    }

    [Fact]
    public async Task Nodes_ThreeProcessesWithClocksTwoMinutesApartKilledInTurn_EachWindowOnce()
    {
        await using var house = new ClusterHouse(Rules);
        await house.StartAsync("a");
        await house.StartAsync("b", offset: 100);
        await house.StartAsync("c", offset: -20);
        await DoneAsync(house, 8);
        foreach (var (name, offset) in new[] { ("a", 0), ("b", 100), ("c", -20), ("b", 100) })
        {
            // Somebody holds a window at this moment, as likely as not the one that is killed.
            await Wait.UntilAsync(async () => await house.CountAsync("SELECT count(*) FROM detection_ledger WHERE state = 0") > 0, "a window is held");
            await house.KillAsync(name);
            await DoneAsync(house, 5);
            await house.StartAsync(name, offset);
            await DoneAsync(house, 5);
        }
        await AssertOnceAsync(house);
    }

    [Fact]
    public async Task Nodes_DatabaseStoppedForAMinute_GoOnByThemselvesAndMissNothing()
    {
        await using var house = new ClusterHouse(Rules);
        await house.StartAsync("a");
        await house.StartAsync("b", offset: 120);
        await DoneAsync(house, 5);
        house.Server.Stop();
        using (var minute = new PeriodicTimer(TimeSpan.FromMinutes(1), TimeProvider.System)) await minute.WaitForNextTickAsync();
        house.AssertAlive();
        house.Server.Start();
        await DoneAsync(house, 70);
        await AssertOnceAsync(house);
    }

    [Fact]
    public async Task Nodes_OneStandsStillPastItsLease_WhatItBringsIsRefused()
    {
        await using var house = new ClusterHouse(Rules);
        // Its questions to the store take longer than its lease, and it is stopped meanwhile: it can't renew.
        await house.StartAsync("slow", storeMilliseconds: 3_000);
        await Wait.UntilAsync(async () => await house.CountAsync("SELECT count(*) FROM detection_ledger WHERE state = 0") > 0, "a window is held");
        house.Signal("slow", "STOP");
        await house.StartAsync("fast");
        await Wait.UntilAsync(async () => await house.CountAsync("SELECT count(*) FROM detection_ledger WHERE state = 1 AND token > 1 AND node = 'fast'") > 0, "its windows are taken over");
        house.Signal("slow", "CONT");
        await Wait.UntilAsync(() => Task.FromResult(house.Output.Contains("was taken over by another process", StringComparison.Ordinal)), "it learns that");
        await DoneAsync(house, 10);
        await AssertOnceAsync(house);
    }

    /// <summary>Until each rule has so many more windows done.</summary>
    private static async Task DoneAsync(ClusterHouse house, int windows)
    {
        var wanted = await LeastAsync(house) + windows;
        await Wait.UntilAsync(async () =>
        {
            house.AssertAlive();
            return await LeastAsync(house) >= wanted;
        }, $"{windows} more windows of each rule", TimeSpan.FromMinutes(3));
    }

    private static async Task<long> LeastAsync(ClusterHouse house)
    {
        try
        {
            var counts = await house.ListAsync("SELECT count(*) FROM detection_ledger WHERE state = 1 AND revision = 0 GROUP BY rule_id", static r => r.GetInt64(0));
            return counts.Count < Rules ? 0 : counts.Min();
        }
        catch (Npgsql.NpgsqlException)
        {
            return 0;
        }
    }

    private static async Task AssertOnceAsync(ClusterHouse house)
    {
        // What was put aside or is held is made up first, then nothing may be missing up to the latest window that all rules had at this moment.
        var end = await house.CountAsync("SELECT min(next_start) FROM detection_schedules");
        var before = end.ToString(CultureInfo.InvariantCulture);
        await Wait.UntilAsync(async () =>
        {
            house.AssertAlive();
            return await house.CountAsync($"SELECT (SELECT count(*) FROM detection_backlog WHERE next_start < {before}) + (SELECT count(*) FROM detection_ledger WHERE state <> 1 AND window_start < {before})") == 0;
        }, "everything is made up", TimeSpan.FromMinutes(2));
        var rules = await house.ListAsync($"SELECT rule_id, count(*), count(DISTINCT window_start), min(window_start), max(window_end) FROM detection_ledger WHERE window_start < {before} GROUP BY rule_id",
            static r => (Id: r.GetString(0), Rows: r.GetInt64(1), Starts: r.GetInt64(2), From: r.GetInt64(3), To: r.GetInt64(4)));
        Assert.Equal(Rules, rules.Count);
        foreach (var rule in rules)
        {
            Assert.Equal(rule.Rows, rule.Starts);
            Assert.Equal((rule.To - rule.From) / 1_000_000, rule.Rows);
            Assert.Equal(end, rule.To);
        }
        // Both in one look at the database: the nodes go on meanwhile.
        var (closed, taken, raised) = await house.ReadAsync(
            "SELECT (SELECT coalesce(sum(detections), 0) FROM detection_ledger WHERE state = 1), (SELECT count(*) FROM alerting_seen), (SELECT coalesce(sum(detections), 0) FROM alerting_alerts)",
            static r => (Convert.ToInt64(r.GetValue(0), CultureInfo.InvariantCulture), r.GetInt64(1), Convert.ToInt64(r.GetValue(2), CultureInfo.InvariantCulture)));
        Assert.True(closed >= rules.Sum(static r => r.Rows));
        Assert.Equal(closed, taken);
        Assert.Equal(closed, raised);
    }
}
