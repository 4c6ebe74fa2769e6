using Beacon.Collectors.Pipeline;

namespace Beacon.Collectors.Tests.Pipeline;

public sealed class CadenceTests
{
    private static Cadence Learn(params long[] gaps)
    {
        var cadence = new Cadence();
        var second = 1_000_000L;
        cadence.Observe(second);
        foreach (var gap in gaps) cadence.Observe(second += gap);
        return cadence;
    }

    [Fact]
    public void Expected_TooLittleSeen_IsUnknown() => Assert.Null(Learn(1, 1, 1).Expected);

    [Fact]
    public void Expected_SteadyWithARareOutage_IsTheSteadyGap() =>
        Assert.InRange(Learn([.. Enumerable.Repeat(1L, 100_000), 600, .. Enumerable.Repeat(1L, 100)]).Expected!.Value.TotalSeconds, 1, 3);

    [Fact]
    public void Expected_BurstEveryHour_IsTheHour() =>
        Assert.InRange(Learn([.. Enumerable.Range(0, 24).SelectMany(_ => Enumerable.Repeat(1L, 30).Append(3570))]).Expected!.Value.TotalSeconds, 3570, 6000);

    [Fact]
    public void Save_ThenLoad_ExpectsTheSame()
    {
        var cadence = Learn([.. Enumerable.Repeat(60L, 50)]);
        Assert.Equal(cadence.Expected, Cadence.Load(cadence.Save()).Expected);
        Assert.Null(Cadence.Load("nonsense").Expected);
    }
}
