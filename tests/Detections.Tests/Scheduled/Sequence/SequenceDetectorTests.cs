using Beacon.Detections.Scheduled.Sequence;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled.Sequence;

public sealed class SequenceDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private SequenceDetector Detector => new(house.Store, house.Time);

    /// <summary>Three failures, a success, then a change: the last step names the user in another field.</summary>
    private string Rule(string test) => DetectorHouse.Text(Detector, "window: 30m\ninterval: 10m", $$"""
        by: [user.name]
        max-span: 10m
        steps:
          - filter: { event.module: {{test}}, event.outcome: failure }
            at-least: 3
          - filter: { event.module: {{test}}, event.outcome: success }
          - filter: { event.module: {{test}}, event.action: change }
            by: [user.target.name]
        """);

    private Task<IReadOnlyList<Detection>> LookAsync(string test, int fromMinute = 0, DateTimeOffset? newSince = null) =>
        house.LookAsync(Detector, Rule(test), Noon.AddMinutes(fromMinute), Noon.AddMinutes(fromMinute + 30), newSince);

    private void Steps(string test, string user, params (double Minute, string What)[] steps)
    {
        foreach (var (minute, what) in steps)
            house.Add(Noon.AddMinutes(minute), $"event.module={test} {(what == "change" ? $"event.action=change user.target.name={user}" : $"event.outcome={what} user.name={user}")}");
    }

    [Fact]
    public async Task Evaluate_AllStepsInOrder_IsTold()
    {
        Steps("all", "amal", (20, "failure"), (21, "failure"), (22, "failure"), (23, "success"), (24, "change"));
        Steps("all", "AMAL", (24.5, "success"));

        var detection = Assert.Single(await LookAsync("all"));

        Assert.Equal(new Entity(EntityKind.User, "amal"), detection.Entity);
        Assert.Equal((Noon.AddMinutes(24), "5 events in 4 min"), (detection.Time, detection.Facts["seen"]));
        Assert.StartsWith("step 3", detection.Facts["event 05"], StringComparison.Ordinal);
        // The chain ended in this window: the next one, which overlaps it, says nothing.
        Assert.Empty(await LookAsync("all", 10));
    }

    [Fact]
    public async Task Evaluate_NearMisses_SayNothing()
    {
        Steps("near", "few", (20, "failure"), (21, "failure"), (23, "success"), (24, "change"));
        Steps("near", "order", (20, "failure"), (21, "failure"), (22, "failure"), (23, "change"), (24, "success"));
        Steps("near", "slow", (12, "failure"), (13, "failure"), (14, "failure"), (15, "success"), (22.1, "change"));
        Steps("near", "late", (12, "failure"), (13, "failure"), (21, "failure"), (22, "success"), (22.1, "change"));
        Steps("near", "one", (20, "failure"), (21, "failure"), (22, "failure"), (23, "success"));
        Steps("near", "two", (24, "change"));

        Assert.Empty(await LookAsync("near"));
    }

    [Fact]
    public async Task Evaluate_ChainWithinTheSpanBehindATooEarlyBeginning_IsFound()
    {
        // The first three are too early for the change; the later three are not.
        Steps("again", "amal", (10.5, "failure"), (11, "failure"), (11.5, "failure"), (12, "success"), (15, "failure"), (16, "failure"), (17, "failure"), (18, "success"), (24, "change"));

        Assert.Equal("9 min", Assert.Single(await LookAsync("again")).Facts["seen"].Split(" in ")[1]);
    }

    [Fact]
    public async Task Evaluate_SameFilterTwice_NeedsTwoEvents()
    {
        var rule = DetectorHouse.Text(Detector, "window: 30m\ninterval: 30m", "by: [host.name]\nmax-span: 5m\nsteps:\n  - filter: { event.module: twice }\n  - filter: { event.module: twice }");
        house.Add(Noon.AddMinutes(1), "event.module=twice host.name=once");
        house.Add(Noon.AddMinutes(1), "event.module=twice host.name=pair");
        house.Add(Noon.AddMinutes(2), "event.module=twice host.name=pair");

        Assert.Equal("pair", Assert.Single(await house.LookAsync(Detector, rule, Noon, Noon.AddMinutes(30))).Facts["host.name"]);
    }

    [Fact]
    public async Task Evaluate_StepThatCameLate_IsFoundByTheLookAgain()
    {
        Steps("late", "amal", (20, "failure"), (21, "failure"), (22, "failure"), (24, "change"));
        Steps("late", "bert", (20, "failure"), (21, "failure"), (22, "failure"), (23, "success"), (24, "change"));
        var first = Assert.Single(await LookAsync("late"));
        house.Add(Noon.AddMinutes(23), "event.module=late event.outcome=success user.name=amal", received: Noon.AddMinutes(50));

        var again = Assert.Single(await LookAsync("late", newSince: Noon.AddMinutes(40)));

        Assert.Equal(("bert", "amal"), (first.Facts["user.name"], again.Facts["user.name"]));
    }

    [Fact]
    public void Settings_Faults_NameTheStep()
    {
        var faults = DetectorHouse.Faults(Detector, "by: [user.name]\nsteps:\n  - filter: { a: b }\n    by: [x, y]\n  - colour: red");

        Assert.Contains("8: the setting 'max-span' is missing", faults);
        Assert.Contains("11: a step names as many fields as the rule, 1", faults);
        Assert.Contains("12: the setting 'filter' is missing: every event would count", faults);
        Assert.Contains("12: there is no setting 'colour'", faults);
    }
}
