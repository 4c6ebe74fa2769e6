using System.Globalization;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Tests.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Warnings;

public sealed class WhatHappenedTextTests
{
    private static AlertRow Alert(string title, string tactic, Severity severity = Severity.High, string host = "web-7", string? rule = null, int minute = 0, AssetImportance importance = AssetImportance.General) => new()
    {
        Id = minute, RuleId = rule ?? title, RuleTitle = title, RuleKind = "sigma", RuleDescription = "", FalsePositives = [], Tags = tactic.Length == 0 ? [] : [.. tactic.Split(' ').Select(t => "attack." + t)],
        Entity = new Entity(EntityKind.Host, host), EntityKey = host, Title = title, Severity = severity, FirstSeen = TestHouse.Start.AddMinutes(minute), Importance = importance,
    };

    [Fact]
    public void Of_OneAlert_IsItsTitle() => Assert.Equal("A web shell answers.", WhatHappenedText.Of([Alert("A web shell answers.", "persistence")], true));

    [Fact]
    public void Of_SeveralStages_IsASentenceAndALineEachInTheOrderOfTheAttack()
    {
        var text = WhatHappenedText.Of(
        [
            Alert("Files are encrypted on fs-1", "impact", Severity.Critical, "fs-1", minute: 0, importance: AssetImportance.Important),
            Alert("Password guessed", "credential-access", minute: 1), Alert("Passwords sprayed", "credential-access", Severity.Medium, minute: 2),
            Alert("A login from abroad", "initial-access persistence", minute: 3),
        ], true);
        Assert.Equal(
            """
            Files are encrypted on fs-1: the furthest of 4 alerts on fs-1, web-7 since 2026-03-02 09:00 UTC.
            • persistence, 1 alert: A login from abroad
            • credential-access, 2 alerts: Password guessed, and what 1 more rule found
            • impact, 1 alert: Files are encrypted on fs-1
            """, text);
        Assert.Equal("impact, 1 alert: Files are encrypted on fs-1", WhatHappenedText.LinesOf(text)[^1]);
    }

    [Fact]
    public void Of_OneRuleOnManyHosts_NamesTheMostImportantAndCountsTheRest()
    {
        var alerts = Enumerable.Range(0, 40).Select(i => Alert("Scanned", "discovery", host: $"pc-{i:00}", minute: i, importance: i == 39 ? AssetImportance.EspeciallyImportant : AssetImportance.General)).ToList();
        Assert.Equal("Scanned: the furthest of 40 alerts on pc-39, pc-00, pc-01 and 37 more since 2026-03-02 09:00 UTC.", WhatHappenedText.Of(alerts, true));
        Assert.Contains("the furthest of at least 40 alerts", WhatHappenedText.Of(alerts, false), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AllStagesWithLongTitles_StaysWithinLinesAndLengthAndLosesNoAlert()
    {
        var alerts = Attack.Tactics.Append("").SelectMany((t, i) => Enumerable.Range(0, 25).Select(n => Alert(new string('x', 300) + n, t, host: new string('h', 255) + n, minute: i))).ToList();
        var lines = WhatHappenedText.LinesOf(WhatHappenedText.Of(alerts, true));
        Assert.Equal(1 + WhatHappenedText.MostLines, lines.Count);
        Assert.True(lines.Sum(l => l.Length) <= WhatHappenedText.MostLength);
        Assert.Equal(alerts.Count, lines.Skip(1).Sum(l => int.Parse(l[..l.IndexOf(" alert", StringComparison.Ordinal)].Split(' ')[^1], CultureInfo.InvariantCulture)));
        Assert.StartsWith("impact, 25 alerts", lines[^1], StringComparison.Ordinal);
        Assert.StartsWith("no stage known, reconnaissance", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NameWithALineBreak_MakesNoLineOfItsOwn()
    {
        var text = WhatHappenedText.Of([Alert("a", "impact", host: "x\n• impact, 9 alerts: forged", minute: 0), Alert("a", "impact", host: "y", minute: 1)], true);
        Assert.Single(WhatHappenedText.LinesOf(text));
    }

    [Fact]
    public async Task Warning_OfTheStory_IsReadAtAGlance()
    {
        using var house = new TestHouse(assets: StoryTests.Plant);
        await house.TakeAsync(StoryTests.Detections);
        var warning = (await house.Warnings.FindAsync((await house.Warnings.ListAsync(new WarningQuery()))[0].Id))!;
        var lines = WhatHappenedText.LinesOf(warning.WhatHappened);
        Assert.InRange(lines.Count, 3, 1 + WhatHappenedText.MostLines);
        Assert.DoesNotContain("; then ", warning.WhatHappened, StringComparison.Ordinal);
        Assert.All(lines, l => Assert.InRange(l.Length, 10, 500));
    }
}
