using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

public sealed class PlaybookActionsTests
{
    [Fact]
    public void Registered_AreAllThatTheRoomHas()
    {
        using var house = new TestHouse();
        var there = typeof(IPlaybookAction).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IPlaybookAction).IsAssignableFrom(t)).ToHashSet();
        Assert.Equal(there, house.Get<IEnumerable<IPlaybookAction>>().Select(a => a.GetType()).ToHashSet());
        Assert.Equal(house.Get<IEnumerable<IPlaybookAction>>().SelectMany(a => a.CommandTypes.Where(t => a.Refusal(t) is null)).Append("manual").Order(StringComparer.Ordinal), house.Get<PlaybookActions>().Types);
    }

    [Theory]
    [InlineData("ssh", "ssh")]
    [InlineData("ssh", "manual")]
    public void Make_TypeClaimedTwice_Throws(string first, string second) =>
        Assert.Contains($"'{second}'", Assert.Throws<InvalidOperationException>(() => new PlaybookActions([new Scripted(first), new Scripted(second)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Refusal_SaysWhyAndWhatIsRun()
    {
        var actions = new PlaybookActions([new Scripted("ssh")]);
        Assert.Null(actions.Refusal("manual"));
        Assert.Null(actions.Refusal("ssh"));
        Assert.Contains("Jupyter", actions.Refusal("jupyter")?.ToString(), StringComparison.Ordinal);
        Assert.Contains("manual, ssh", actions.Refusal("dance")?.ToString(), StringComparison.Ordinal);
    }
}
