using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class RunTimesTests : EngineFixture
{
    [Fact]
    public async Task OfAsync_RunsThatEnded_GiveTheMiddleOfEachStepAndOfTheWhole()
    {
        using var house = Open(new PlaybookJson().Start(A("q")).Manual("q", A("z"), "look").Manual("z", E(), "write it down").End());
        Assert.Equal(0, (await house.Get<IRunTimes>().OfAsync(PlaybookId)).Runs);
        foreach (var (seconds, mode) in new[] { (30, RunMode.Live), (60, RunMode.Drill), (600, RunMode.Live) })
        {
            var run = await StartAsync(house, mode);
            Clock.Advance(TimeSpan.FromSeconds(seconds));
            await CompleteAsync(house, run.Id, A("q"));
            Clock.Advance(TimeSpan.FromSeconds(10));
            await CompleteAsync(house, run.Id, A("z"));
        }
        // Neither a dry run nor one that was cancelled says how long it takes.
        await StartAsync(house, RunMode.DryRun);
        var left = await StartAsync(house);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await DoAsync(house, left.Id, v => house.Engine.CancelAsync(left.Id, v, Ann, "not needed"));

        var times = await house.Get<IRunTimes>().OfAsync(PlaybookId);
        Assert.Equal((3, TimeSpan.FromSeconds(70)), (times.Runs, times.Whole));
        Assert.Equal(TimeSpan.FromSeconds(60), times.Steps[A("q")]);
        Assert.Equal(TimeSpan.FromSeconds(10), times.Steps[A("z")]);
        Assert.Equal(TestHouse.Start.AddSeconds(40 + 70), times.LastDrill);
        Assert.Equal(0, (await house.Get<IRunTimes>().OfAsync("playbook--none")).Runs);
    }
}
