using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Console.Pages.Sources;
using Beacon.Web.Console.Marks;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Tests.Console.Sources;

public sealed class SilenceReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 14, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Of_StoppedAtItsPaceWithTheConnectionClosed_SaysBothAndThatOthersAreHeard()
    {
        var last = Now.AddMinutes(-20);
        var silence = SilenceReading.Of(Seen("fw", last), Status("syslog-tcp", SourceState.Running, 0), [Seen("fw", last), Seen("web", Now)], [], Steady(last, 75, _ => 10), null, Now);
        Assert.Equal([SilenceReason.Closed, SilenceReason.AtOnce, SilenceReason.Others], silence.Reasons);
        Assert.Equal(last, silence.Since);
    }

    [Fact]
    public void Of_FewerAndFewerBefore_ThinnedOut()
    {
        var last = Now.AddMinutes(-20);
        var silence = SilenceReading.Of(Seen("fw", last), Status("syslog-udp", SourceState.Running, 0), [Seen("fw", last)], [], Steady(last, 75, ago => ago < 10 ? 1 : 10), null, Now);
        Assert.Equal([SilenceReason.Thinned], silence.Reasons);
    }

    [Fact]
    public void Of_NeverHeardSwitchedOffOrFailing_SaysSo()
    {
        Assert.Equal([SilenceReason.Never], SilenceReading.Of(Seen("fw", null), Status("syslog-tcp", SourceState.Running, 0), [], [], [], null, Now).Reasons);
        Assert.Equal([SilenceReason.Off, SilenceReason.Never], SilenceReading.Of(Seen("fw", null), Status("file", SourceState.Disabled, 0), [], [], [], null, Now).Reasons);
        Assert.Equal([SilenceReason.Fails, SilenceReason.Never], SilenceReading.Of(Seen("fw", null), Status("syslog-tcp", SourceState.Failing, 0), [], [], [], null, Now).Reasons);
    }

    [Theory]
    [InlineData(-4, false)]
    [InlineData(-61, true)]
    [InlineData(8, true)]
    public void Of_ClockThatIsOff_IsAReasonBeyondTheLimit(int minutes, bool named)
    {
        var silence = SilenceReading.Of(Seen("fw", Now.AddHours(-1)), Status("syslog-tcp", SourceState.Running, 3), [], [], [], TimeSpan.FromMinutes(minutes), Now);
        Assert.Equal(named, silence.Reasons.Contains(SilenceReason.Clock));
        Assert.DoesNotContain(SilenceReason.Closed, silence.Reasons);
    }

    [Fact]
    public void Of_AllSilent_NobodyIsHeard() =>
        Assert.Contains(SilenceReason.Nobody, SilenceReading.Of(Seen("fw", Now.AddHours(-1)), null, [Seen("web", Now.AddHours(-2))], [], [], null, Now).Reasons);

    [Fact]
    public void Usual_SameHourOfTheDaysBefore_IsTheirMeanAndOnlyOfDaysThatWere()
    {
        LedgerRow[] hours = [Row(Now.AddDays(-1), 100), Row(Now.AddDays(-2), 50), Row(Now.AddDays(-2).AddHours(1), 900)];
        Assert.Equal(75, SilenceReading.Usual(hours, Now.AddDays(-2), Now));
        // A day on which nothing came counts as nothing.
        Assert.Equal(50, SilenceReading.Usual(hours, Now.AddDays(-3), Now));
        Assert.Null(SilenceReading.Usual(hours, Now.AddHours(-5), Now));
    }

    [Theory]
    [InlineData(5, 3, 1, 1, SourceMark.Loses, LinkState.Late)]
    [InlineData(5, 4, 1, 0, SourceMark.Unread, LinkState.Late)]
    [InlineData(5, 5, 0, 0, SourceMark.Flows, LinkState.Flows)]
    [InlineData(5, 3, 0, 0, SourceMark.Flows, LinkState.Flows)]
    public void Row_FromItsLedger_SaysTheGravest(long received, long stored, long quarantined, long dropped, SourceMark mark, LinkState link)
    {
        var row = SourceRow.Of("fw", Status("syslog-tcp", SourceState.Running, 1), Seen("fw", Now), new LedgerCounts(received, stored, quarantined, dropped), [Row(Now, 5)], Now);
        Assert.Equal((mark, link), (row.Mark, row.Link));
        Assert.Equal(5, row.Spark[^1]);
    }

    [Theory]
    [InlineData(60, SourceMark.Expected, LinkState.Paused, false)]
    [InlineData(-1, SourceMark.Silent, LinkState.Lost, true)]
    [InlineData(null, SourceMark.Silent, LinkState.Lost, true)]
    public void Row_SilentWhileThatIsExpected_IsMarkedSoAndCountsAsNoFault(int? minutesLeft, SourceMark mark, LinkState link, bool silent)
    {
        var seen = Seen("fw", Now.AddHours(-1)) with { SilenceExpectedUntil = minutesLeft is { } left ? Now.AddMinutes(left) : null };
        var row = SourceRow.Of("fw", Status("syslog-tcp", SourceState.Running, 1), seen, new LedgerCounts(5, 5, 0, 0), [], Now);
        Assert.Equal((mark, link, silent), (row.Mark, row.Link, SourceHealth.IsSilent(seen, Now)));
        Assert.True(row.IsQuiet && SourceHealth.HasPaused(seen, Now));
    }

    [Fact]
    public void Row_ThatFlowsThoughSilenceIsExpected_Flows() =>
        Assert.Equal(SourceMark.Flows, SourceRow.Of("fw", Status("syslog-tcp", SourceState.Running, 1), Seen("fw", Now) with { SilenceExpectedUntil = Now.AddDays(1) }, new LedgerCounts(5, 5, 0, 0), [], Now).Mark);

    private static SourceActivity Seen(string id, DateTimeOffset? last) => new(id, id, last is null ? null : Now.AddDays(-30), last, last is null ? null : TimeSpan.FromSeconds(5), 1_000);

    private static SourceStatus Status(string kind, SourceState state, int connections) => new(new SourceDefinition("fw", "Firewall", kind, SourceDefinition.ParseSettings("{}"), "auto", "", "", true), state, null, "", connections);

    private static IReadOnlyList<LedgerRow> Steady(DateTimeOffset last, int minutes, Func<int, long> count) => [.. Enumerable.Range(0, minutes).Select(ago => Row(last.AddMinutes(-ago), count(ago)))];

    private static LedgerRow Row(DateTimeOffset time, long received) =>
        new("fw", received > 20 ? SilenceReading.Hour(time) : new DateTimeOffset(time.UtcDateTime.Date.AddMinutes((int)time.UtcDateTime.TimeOfDay.TotalMinutes), TimeSpan.Zero), new LedgerCounts(received, received, 0, 0));
}
