using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents;

/// <summary>The intrusion from a guessed password to a controller, as detections.</summary>
public sealed class StoryTests
{
    private static readonly DateTimeOffset T = TestHouse.Start;

    internal static readonly Asset[] Plant =
    [
        new("bas-01", "bas-01", ["bas-01", "10.10.0.5"], AssetImportance.Important, "IT", "Lakeshore Data", "", "dmz", ""),
        new("adm-ws-02", "ADM-WS-02", ["ADM-WS-02", "10.20.0.12"], AssetImportance.General, "IT", "Lakeshore Data", "", "office", ""),
        new("hist-01", "HIST-01", ["HIST-01", "10.30.1.20"], AssetImportance.Important, "OT", "Lakeshore Data", "water", "ot", ""),
        new("eng-ws-03", "ENG-WS-03", ["ENG-WS-03", "10.30.1.13"], AssetImportance.Important, "OT", "Lakeshore Water", "water", "ot", ""),
        new("plc-ps3-01", "PLC-PS3-01", ["PLC-PS3-01", "10.30.3.11"], AssetImportance.EspeciallyImportant, "OT", "Lakeshore Water", "water", "ot-cell-3", "Pump station 3"),
    ];

    private static Entity Host(string name) => new(EntityKind.Host, name);
    private static Entity User(string name) => new(EntityKind.User, name);
    private static Entity Address(string name) => new(EntityKind.Address, name);

    internal static Detection[] Detections { get; } =
    [
        Tests.Detections.Of("ssh-guessed", "bas-01", Severity.High, T, tags: ["attack.credential-access", "attack.t1110.001"],
            summary: "A password was guessed on bas-01: 412 failures, then a login as svc-backup", related: [Address("203.0.113.47"), User("svc-backup")]),
        Tests.Detections.Of("lsass-read", "ADM-WS-02", Severity.High, T.AddMinutes(7), tags: ["attack.credential-access", "attack.t1003.001"],
            summary: "ADM-WS-02 read LSASS memory with an unsigned tool", related: [User(@"LAKE\svc-backup")]),
        Tests.Detections.Of("psexec", "HIST-01", Severity.High, T.AddMinutes(14), tags: ["attack.lateral-movement", "attack.t1021.002", "attack.t1569.002"],
            related: [Host("ADM-WS-02"), User("SYSTEM")]),
        Tests.Detections.Of("psexec", "ENG-WS-03", Severity.High, T.AddMinutes(20), tags: ["attack.lateral-movement", "attack.t1021.002", "attack.t1569.002"],
            related: [Address("10.20.0.12"), User("SYSTEM")]),
        Tests.Detections.Of("modbus-new-writer", "", Severity.Critical, T.AddMinutes(30), tags: ["attack.impair-process-control", "attack.t0855", "attack.t0836"],
            entity: Address("10.30.3.11"), summary: "A setpoint on PLC-PS3-01 (10.30.3.11) was changed by a station that never wrote to it before", related: [Address("10.30.1.13")]),
    ];

    [Fact]
    public async Task Story_StepByStep_IsOneIncidentWhoseWarningRisesToOrange()
    {
        using var house = new TestHouse(assets: Plant);
        var levels = new List<WarningLevel>();
        foreach (var detection in Detections)
        {
            house.Clock.SetUtcNow(detection.Time);
            await house.TakeAsync(detection);
            levels.Add((await house.Warnings.ListAsync(new WarningQuery())) is [var top, ..] ? top.Level : WarningLevel.None);
        }
        Assert.Equal([WarningLevel.Blue, WarningLevel.Blue, WarningLevel.Yellow, WarningLevel.Orange, WarningLevel.Orange], levels);

        var summary = Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items);
        var incident = (await house.Incidents.FindAsync(summary.Id))!;
        Assert.Equal(5, incident.Summary.AlertCount);
        Assert.Equal(Severity.Critical, incident.Summary.Severity);
        Assert.StartsWith("A setpoint on PLC-PS3-01", incident.Summary.Title, StringComparison.Ordinal);
        Assert.Equal(["credential-access", "lateral-movement", "impair-process-control"], incident.Stages);
        Assert.Equal(
            ["203.0.113.47>bas-01", "bas-01>ADM-WS-02", "ADM-WS-02>HIST-01", "ADM-WS-02>ENG-WS-03", "ENG-WS-03>10.30.3.11"],
            incident.Links.Select(l => $"{l.From?.Value}>{l.To.Value}"));
        Assert.Contains("plc-ps3-01", incident.Entities.Select(e => e.AssetId));
        Assert.Equal(WarningLevel.Orange, incident.Summary.WarningLevel);

        var warning = (await house.Warnings.FindAsync(incident.Warning!.Id))!;
        Assert.Equal(WarningState.Adjusted, warning.Summary.State);
        Assert.Equal("Beacon", warning.Summary.Issuer);
        Assert.Equal("Unauthorised control of PLC-PS3-01", warning.Summary.Title);
        Assert.StartsWith("clause 1.2 of matrix 1: especially important object × serious damage → orange", warning.Summary.Clause, StringComparison.Ordinal);
        Assert.Equal(["draft", "issue", "adjust", "adjust"], warning.Steps.Select(s => s.Action));
        Assert.Contains("Lakeshore Water", warning.Organisations);
        Assert.Contains("water", warning.Sectors);
        Assert.Equal(5, warning.AlertIds.Count);
        Assert.NotEmpty(warning.Advice);
        var playbook = house.Library.Find(warning.Summary.PlaybookId!)!;
        Assert.Equal("Unauthorised control command on a controller", playbook.Name);

        var timeline = await house.Incidents.TimelineAsync(incident.Summary.Id);
        Assert.Contains(timeline, e => e.Kind == TimelineKind.Warning && e.Text.Contains("rose from yellow to orange", StringComparison.Ordinal));
        Assert.True((await house.Incidents.VerifyTimelineAsync(incident.Summary.Id)).Intact);
    }

    [Fact]
    public async Task Story_InOneBatch_IsOneIncident()
    {
        using var house = new TestHouse(assets: Plant);
        await house.TakeAsync(Detections);
        Assert.Equal(5, Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items).AlertCount);
        Assert.Equal(WarningLevel.Orange, Assert.Single(await house.Warnings.ListAsync(new WarningQuery())).Level);
    }

    [Fact]
    public async Task Offer_ForTheStory_RanksTheRightPlaybookFirst()
    {
        using var house = new TestHouse(assets: Plant);
        await Task.CompletedTask;
        var offers = house.Library.Offer(new PlaybookNeed(["T1110.001"], "stolen-credentials", []));
        Assert.Equal("Guessed password", offers[0].Playbook.Name);
        Assert.Equal("Remote execution between Windows hosts", house.Library.Offer(new PlaybookNeed(["T1569.002"], "", []))[0].Playbook.Name);
        Assert.Equal("Log source silent or switched off", house.Library.Offer(new PlaybookNeed([], "", ["silent-source"]))[0].Playbook.Name);
        Assert.Empty(house.Library.Offer(new PlaybookNeed([], "none", ["none"])));
    }
}
