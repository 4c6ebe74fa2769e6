using Beacon.Alerting.Incidents;
using Beacon.Alerting.Tests.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Warnings;

public sealed class EarlyTests
{
    private static Asset Plant(string id, string organisation, string zone, string owner = "OT", string sector = "water", AssetImportance importance = AssetImportance.Important, string[]? software = null) =>
        new(id, id.ToUpperInvariant(), [id, id.ToUpperInvariant()], importance, owner, organisation, sector, zone, "", software);

    private static readonly Asset[] Assets =
    [
        Plant("scada-1", "Lakeshore Water", "ot-1", software: ["WinCC 7.5"]),
        Plant("scada-2", "Hill Water", "ot-9", owner: "Plant", software: ["wincc 7.5"]),
        Plant("hist-1", "Lakeshore Water", "ot-1", owner: "Data"),
        Plant("eng-1", "Lakeshore Water", "ot-2"),
        Plant("web-1", "Power Co", "dmz", owner: "IT", sector: "power"),
        Plant("pc-1", "Lakeshore Water", "office", owner: "IT", importance: AssetImportance.General),
    ];

    private static async Task<WarningDetail> OnlyAsync(TestHouse house) => (await house.Warnings.FindAsync(Assert.Single(await house.Warnings.ListAsync(new WarningQuery())).Id))!;

    [Theory]
    [InlineData("reconnaissance", "scada-1", 1)]
    [InlineData("initial-access", "scada-1", 1)]
    [InlineData("discovery", "scada-1", 1)]
    [InlineData("credential-access", "scada-1", 1)]
    [InlineData("execution", "scada-1", 0)]
    [InlineData("discovery", "pc-1", 0)]
    [InlineData("discovery", "stranger", 0)]
    public async Task MediumAlert_OfAFirstStageOnWhatMatters_Warns(string tactic, string host, int expected)
    {
        using var house = new TestHouse(assets: Assets);
        await house.TakeAsync(Detections.Of("look", host, Severity.Medium, tags: ["attack." + tactic]));
        Assert.Equal(expected, (await house.Warnings.ListAsync(new WarningQuery())).Count);
        using var off = new TestHouse(o => o.Warnings.Early = false, Assets);
        await off.TakeAsync(Detections.Of("look", host, Severity.Medium, tags: ["attack." + tactic]));
        Assert.Empty(await off.Warnings.ListAsync(new WarningQuery()));
    }

    [Fact]
    public async Task Outlook_SaysTheStageAndWhatFollows_InThePlantsOwnWords()
    {
        using var house = new TestHouse(assets: Assets);
        await house.TakeAsync(Detections.Of("modbus-scan", "scada-1", Severity.Medium, tags: ["attack.discovery", "attack.t0846"]));
        var outlook = Assert.Single((await OnlyAsync(house)).Outlook);
        Assert.Equal(("discovery", true), (outlook.Tactic, outlook.Early));
        Assert.Contains("maps the plant", outlook.Means, StringComparison.Ordinal);
        Assert.Contains("impair-process-control", outlook.Follows.Select(f => f.Tactic));
        Assert.NotEmpty(outlook.Watch);
    }

    [Fact]
    public async Task Exposed_NamesThoseThatShareSoftwareZoneOrOwner()
    {
        using var house = new TestHouse(assets: Assets);
        await house.TakeAsync(Detections.Of("look", "scada-1", Severity.Medium, tags: ["attack.discovery"]));
        var warning = await OnlyAsync(house);
        Assert.Equal(["scada-2", "hist-1", "eng-1"], warning.Exposed.Select(e => e.Id));
        Assert.Equal(["software WinCC 7.5"], warning.Exposed[0].Shares);
        Assert.Equal(["zone ot-1"], warning.Exposed[1].Shares);
        Assert.Equal(["owner OT (Lakeshore Water)"], warning.Exposed[2].Shares);
        Assert.Equal(["Hill Water"], warning.LikelyOrganisations);
        // What is hit is exposed no more.
        await house.TakeAsync(Detections.Of("look", "hist-1", Severity.High, tags: ["attack.lateral-movement"], related: [new Entity(EntityKind.Host, "scada-1")]));
        Assert.DoesNotContain("hist-1", (await OnlyAsync(house)).Exposed.Select(e => e.Id));
    }

    [Fact]
    public async Task Exposed_NamesWhereTheAccountWasSeen()
    {
        using var house = new TestHouse(assets: Assets);
        var user = new Entity(EntityKind.User, @"WATER\svc-backup");
        await house.TakeAsync(Detections.Of("login", "web-1", Severity.Low, TestHouse.Start.AddDays(-3), tags: [], related: [user]));
        await house.TakeAsync(Detections.Of("guess", "scada-1", Severity.Medium, tags: ["attack.credential-access"], related: [user]));
        var warning = await OnlyAsync(house);
        Assert.Equal(("web-1", @"account WATER\svc-backup"), (warning.Exposed[0].Id, warning.Exposed[0].Shares[0]));
        Assert.Equal(["power"], warning.LikelySectors);
    }

    [Fact]
    public async Task Spread_OverOrganisations_RaisesByOneAndSaysWhy()
    {
        using var house = new TestHouse(assets: Assets);
        var attacker = new Entity(EntityKind.Address, "203.0.113.9");
        await house.TakeAsync(Detections.Of("exploit", "scada-1", Severity.High, tags: ["attack.initial-access", "attack.t1190"], related: [attacker]));
        Assert.Equal(WarningLevel.Blue, (await OnlyAsync(house)).Summary.Level);
        await house.TakeAsync(Detections.Of("exploit", "scada-2", Severity.High, tags: ["attack.initial-access", "attack.t1190"], related: [attacker]));
        var warning = await OnlyAsync(house);
        Assert.Equal(WarningLevel.Yellow, warning.Summary.Level);
        Assert.EndsWith("spread rule: seen in 2 organisations: Hill Water, Lakeshore Water, so yellow", warning.Summary.Clause, StringComparison.Ordinal);
        Assert.Contains("adjust", warning.Steps.Select(s => s.Action));
        // The same evidence does not raise it again.
        await house.TakeAsync(Detections.Of("exploit", "scada-2", Severity.High, tags: ["attack.initial-access", "attack.t1190"], related: [attacker]));
        Assert.Equal(WarningLevel.Yellow, (await OnlyAsync(house)).Summary.Level);
    }

    [Fact]
    public async Task Spread_AcrossIncidents_CountsWhatTheAttackerTouched()
    {
        // An address that too many alerts name ties no incident, and still tells how far the attack reaches.
        using var house = new TestHouse(o => o.HubAlerts = 5, Assets);
        var attacker = new Entity(EntityKind.Address, "203.0.113.9");
        for (var i = 0; i < 8; i++) await house.TakeAsync(Detections.Of("scan-" + i, "stranger-" + i, Severity.Low, tags: ["attack.reconnaissance"], related: [attacker]));
        await house.TakeAsync(Detections.Of("exploit", "scada-1", Severity.High, tags: ["attack.initial-access"], related: [attacker]));
        await house.TakeAsync(Detections.Of("exploit", "scada-2", Severity.High, tags: ["attack.initial-access"], related: [attacker]));
        Assert.Equal(2, (await house.Incidents.ListAsync(new IncidentQuery())).Total);
        Assert.Equal([WarningLevel.Yellow, WarningLevel.Blue], (await house.Warnings.ListAsync(new WarningQuery())).Select(w => w.Level));
    }

    [Fact]
    public async Task Spread_Off_LeavesTheCell()
    {
        using var house = new TestHouse(assets: StoryTests.Plant);
        var matrix = await house.Matrices.CurrentAsync();
        var admin = new Actor("root", [RoleNames.Administrator]);
        Assert.Contains("spread rule", (await house.Matrices.SaveAsync(matrix with { Spread = matrix.Spread! with { Raise = 9 } }, admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.True((await house.Matrices.SaveAsync(matrix with { Spread = null }, admin, "cells only")).Done);
        foreach (var detection in StoryTests.Detections.Take(4)) await house.TakeAsync(detection);
        Assert.Equal(WarningLevel.Yellow, (await OnlyAsync(house)).Summary.Level);
    }

    [Fact]
    public void Stages_EveryTactic_SaysWhatItMeansAndWhatFollows()
    {
        using var house = new TestHouse();
        var book = house.Get<StageBook>();
        Assert.All(Attack.Tactics, t => Assert.NotEmpty(Assert.Single(book.Of([t], [])).Follows));
        Assert.NotEqual(book.Of(["discovery"], [])[0].Means, book.Of(["discovery"], ["T0846"])[0].Means);
        Assert.Equal(5, book.Of(Attack.Tactics, []).Count);
        Assert.Equal("impact", book.Of(Attack.Tactics, [])[0].Tactic);
    }

    [Fact]
    public void Categories_AreListedOnce()
    {
        Assert.Equal(WarningCategories.All.Distinct(), WarningCategories.All);
        Assert.Contains("unauthorised-control", WarningCategories.All);
        Assert.Contains("loss-of-view", WarningCategories.All);
    }
}
