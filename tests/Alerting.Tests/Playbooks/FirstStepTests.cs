using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>What a person is told before a run starts: what it does before it asks anybody.</summary>
public sealed class FirstStepTests : EngineFixture
{
    private static string[] Told(TestHouse house) => [.. house.Engine.FirstStepsOf(PlaybookId)!.Select(s => $"{(char)Convert.ToInt32(s.StepId.Split("--")[1][..8], 16)} {s.Kind}")];

    private static PlaybookJson Book() => new PlaybookJson().HttpTarget("https://fw.example");

    [Fact]
    public void FirstSteps_ManualFirst_IsThatAlone()
    {
        using var house = Open(Book().Start(A("a")).Manual("a", A("b")).Http("b", E(), "POST /x").End());
        Assert.Equal(["a Person"], Told(house));
    }

    [Fact]
    public void FirstSteps_ChangingOnes_WaitForApprovalOrAct()
    {
        var book = Book().Start(A("a")).Http("a", A("b"), "POST /x").Http("b", A("c"), "POST /y").Manual("c", E()).End();
        using (var house = Open(book)) Assert.Equal(["a Approval"], Told(house));
        using (var house = Open(o => o.Playbooks.ApprovalRequired = false, book)) Assert.Equal(["a Acts", "b Acts", "c Person"], Told(house));
        Action.Changes = false;
        using (var house = Open(book)) Assert.Equal(["a Reads", "b Reads", "c Person"], Told(house));
    }

    [Fact]
    public void FirstSteps_OneThatMayFail_AreThoseOfBothWays()
    {
        Action.Changes = false;
        using var house = Open(Book().Start(A("a")).Http("a", null, "GET /x", s => { s["on_success"] = A("b"); s["on_failure"] = A("c"); }).Manual("b", E()).Http("c", E("x"), "GET /y").End("x").End());
        Assert.Equal(["a Reads", "c Reads", "b Person"], Told(house));
    }

    [Fact]
    public void FirstSteps_Branches_AreAllWalkedAndGoOnWhereNobodyIsWaitedFor()
    {
        Action.Changes = false;
        using var both = Open(Book().Variable("__n__", "integer", "1").Start(I("i")).If("i", "__n__:value > 0", A("a"), A("b"), A("c")).Manual("a", E("x")).Manual("b", E("y")).Http("c", E(), "GET /x").End("x").End("y").End());
        Assert.Equal(["a Person", "b Person"], Told(both));
    }

    [Fact]
    public void FirstSteps_ConditionWithOneWay_GoesOnBehindIt()
    {
        Action.Changes = false;
        using var house = Open(Book().Variable("__n__", "integer", "1").Start(I("i")).If("i", "__n__:value > 0", A("a"), null, A("c")).Manual("a", E("x")).Http("c", E(), "GET /x").End("x").End());
        Assert.Equal(["a Person", "c Reads"], Told(house));
    }

    [Fact]
    public void FirstSteps_OfNoPlaybook_AreNone()
    {
        using var house = Open(Book().Start(A("a")).Manual("a", E()).End());
        Assert.Null(house.Engine.FirstStepsOf("playbook--none"));
    }
}
