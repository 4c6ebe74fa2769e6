using Beacon.Detections.Correlation;

namespace Beacon.Detections.Tests.Correlation;

public sealed class TimelineTests
{
    // What is written is the rule; then events; then the hits as second=number.
    public static TheoryData<string, string, string, string, string> Sliding => new()
    {
        // event_count
        { "event_count", "[a]", "{gte: 3}", "0:a 10:a 20:a", "20=3" },
        { "event_count", "[a]", "{gt: 3}", "0:a 10:a 20:a", "" },
        { "event_count", "[a]", "{gt: 3}", "0:a 10:a 20:a 30:a", "30=4" },
        // Both ends belong to the window.
        { "event_count", "[a]", "{gte: 2}", "0:a 60:a", "60=2" },
        { "event_count", "[a]", "{gte: 2}", "0:a 60.001:a", "" },
        // It slides: no boundary of a minute matters.
        { "event_count", "[a]", "{gte: 3}", "0:a 50:a 70:a 100:a", "100=3" },
        // A burst raises once, and again after a timespan.
        { "event_count", "[a]", "{gte: 2}", "0:a 1:a 2:a 3:a 4:a 5:a", "1=2" },
        { "event_count", "[a]", "{gte: 2}", "0:a 1:a 20:a 40:a 60:a 61:a 62:a 63:a", "1=2 62=5" },
        // It raises again once it was false in between.
        { "event_count", "[a]", "{gte: 2}", "0:a 30:a 95:a 96:a", "30=2 96=2" },
        // Groups are apart; case does not part them; an absent field is in no group.
        { "event_count", "[a]", "{gte: 2}", "0:a:ip=1 1:a:ip=2 2:a:ip=1", "2=2" },
        { "event_count", "[a]", "{gte: 2}", "0:a:u=x 1:a:u=x", "" },
        // Several rules count together, an event once however many it matches.
        { "event_count", "[a, b]", "{gte: 3}", "0:a 1:b 2:a", "2=3" },
        { "event_count", "[a, b]", "{gte: 3}", "0:ab 1:ab", "" },
        { "event_count", "[a, b]", "{gte: 3}", "0:ab 1:ab 2:ab", "2=3" },
        // value_count
        { "value_count", "[a]", "{gte: 2, field: user.name}", "0:a:ip=1,u=x 1:a:ip=1,u=x 2:a:ip=1,u=y", "2=2" },
        { "value_count", "[a]", "{gte: 2, field: user.name}", "0:a:ip=1,u=x 1:a:ip=1,u=X", "" },
        { "value_count", "[a]", "{gte: 2, field: user.name}", "0:a:ip=1,u=x 1:a:ip=1", "" },
        { "value_count", "[a]", "{gte: 3, field: user.name}", "0:a:ip=1,u=x 30:a:ip=1,u=y 61:a:ip=1,u=z 62:a:ip=1,u=x", "62=3" },
        { "value_count", "[a]", "{gte: 2, field: user.name}", "0:a:ip=1,u=x,u=y", "0=2" },
        { "value_count", "[a]", "{gte: 3, field: [user.name, destination.ip]}", "0:a:ip=1,u=x,to=1 1:a:ip=1,u=x,to=2 2:a:ip=1,u=x,to=1 3:a:ip=1,u=y,to=1", "3=3" },
        // temporal: any order, one event may stand for several rules
        { "temporal", "[a, b]", "", "0:a 10:b", "10=2" },
        { "temporal", "[a, b]", "", "0:b 10:a", "10=2" },
        { "temporal", "[a, b]", "", "0:a 60:b", "60=2" },
        { "temporal", "[a, b]", "", "0:a 61:b", "" },
        { "temporal", "[a, b]", "", "0:ab", "0=2" },
        { "temporal", "[a, b]", "", "0:a:ip=1 1:b:ip=2", "" },
        { "temporal", "[a, b, c]", "{gte: 2}", "0:a 1:a 2:c", "2=2" },
        { "temporal", "[a, b, c]", "a and (b or c)", "0:b 1:c 2:a", "2=3" },
        { "temporal", "", "a and b", "0:b 1:a", "1=2" },
        // temporal_ordered: in the order of the list, one event after the other; ties go by arrival
        { "temporal_ordered", "[a, b]", "", "0:a 10:b", "10=2" },
        { "temporal_ordered", "[a, b]", "", "0:b 10:a", "" },
        { "temporal_ordered", "[a, b]", "", "0:b 10:a 20:b", "20=2" },
        { "temporal_ordered", "[a, b]", "", "5:a 5:b", "5=2" },
        { "temporal_ordered", "[a, b]", "", "5:b 5:a", "" },
        { "temporal_ordered", "[a, b]", "", "5:ab", "" },
        { "temporal_ordered", "[a, b]", "", "5:ab 6:ab", "6=2" },
        { "temporal_ordered", "[a, b, c]", "", "0:a 10:b 61:c", "" },
        { "temporal_ordered", "[a, b, c]", "", "0:a 1:c 10:b 20:a 30:b 40:c", "40=3" },
        { "temporal_ordered", "[a, b, c]", "{gte: 2}", "0:c 1:b 2:c", "2=2" },
        { "temporal_ordered", "[a, b, c]", "a and b or c", "0:b 1:a", "" },
        { "temporal_ordered", "[a, b, c]", "a and b or c", "0:b 1:a 2:b", "2=2" },
        // numbers
        { "value_sum", "[a]", "{gte: 100, field: network.bytes}", "0:a:ip=1,n=60 10:a:ip=1,n=39 20:a:ip=1,n=1", "20=100" },
        { "value_sum", "[a]", "{gt: 100, field: network.bytes}", "0:a:ip=1,n=60 61:a:ip=1,n=60", "" },
        { "value_sum", "[a]", "{gt: 100, field: network.bytes}", "0:a:ip=1,n=1e2 1:a:ip=1,n=0.5", "1=100.5" },
        { "value_sum", "[a]", "{gt: 100, field: network.bytes}", "0:a:ip=1,n=many 1:a:ip=1,n=0x100 2:a:ip=1,n=NaN 3:a:ip=1,n=Infinity 4:a:ip=1,n=1e999", "" },
        { "value_avg", "[a]", "{gte: 50, field: network.bytes}", "0:a:ip=1,n=10 1:a:ip=1,n=20 2:a:ip=1,n=120", "2=50" },
        { "value_median", "[a]", "{gte: 30, field: network.bytes}", "0:a:ip=1,n=10 1:a:ip=1,n=20 2:a:ip=1,n=40 3:a:ip=1,n=40", "3=30" },
        { "value_percentile", "[a]", "{gte: 90, field: network.bytes, percentile: 75}", "0:a:ip=1,n=10 1:a:ip=1,n=80 2:a:ip=1,n=100 3:a:ip=1,n=100", "2=90" },
    };

    [Theory]
    [MemberData(nameof(Sliding))]
    public void Observe_LowerBounds_RaisesWithTheEventThatCompletesIt(string type, string rules, string condition, string events, string expected) =>
        Assert.Equal(expected, new Timeline(Timeline.Rule(type, rules, condition)).Play(events).Answer());

    public static TheoryData<string, string, string, string, string> Closing => new()
    {
        // A window begins with a group's first event and is decided a timespan and the lateness (10 s) later.
        { "event_count", "[a]", "{lt: 3}", "0:a 10:a", "60=2" },
        { "event_count", "[a]", "{lte: 2}", "0:a 10:a 20:a", "" },
        { "event_count", "[a]", "{eq: 2}", "0:a 10:a 60.5:a", "60=2" },
        { "event_count", "[a]", "{eq: 2}", "0:a 60:a", "60=2" },
        { "event_count", "[a]", "{neq: 2}", "0:a 10:a", "" },
        { "event_count", "[a]", "{gt: 1, lte: 3}", "0:a 1:a 2:a 3:a", "" },
        { "event_count", "[a]", "{gt: 1, lte: 3}", "0:a 1:a 2:a", "60=3" },
        // The next window begins with the next event.
        { "event_count", "[a]", "{lt: 2}", "0:a 100:a 130:a 300:a", "60=1 360=1" },
        { "value_count", "[a]", "{eq: 1, field: user.name}", "0:a:ip=1,u=x 10:a:ip=1,u=x", "60=1" },
        { "value_avg", "[a]", "{lt: 10, field: network.bytes}", "0:a:ip=1,n=1 10:a:ip=1,n=3", "60=2" },
        // What must not come is decided at the end; what stands under 'not' begins no window.
        { "temporal", "[a, b]", "a and not b", "0:a", "60=1" },
        { "temporal", "[a, b]", "a and not b", "0:a 60:b", "" },
        { "temporal", "[a, b]", "a and not b", "0:a 61:b", "60=1" },
        { "temporal", "[a, b]", "a and not b", "0:b 1:a", "61=1" },
        { "temporal", "[a, b]", "{lt: 2}", "0:a", "60=1" },
        { "temporal_ordered", "[a, b, c]", "a and c and not b", "0:a 5:c", "60=2" },
        { "temporal_ordered", "[a, b, c]", "a and c and not b", "0:c 5:a", "" },
        { "temporal_ordered", "[a, b, c]", "a and c and not b", "0:a 3:b 5:c", "" },
    };

    [Theory]
    [MemberData(nameof(Closing))]
    public void Advance_UpperBounds_RaisesWhenTheWindowIsOver(string type, string rules, string condition, string events, string expected) =>
        Assert.Equal(expected, new Timeline(Timeline.Rule(type, rules, condition)).Play(events).Tick(10_000).Answer());

    [Fact]
    public void Observe_UpperBounds_LaterEventsCloseTheWindowWithoutTheClock()
    {
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{lt: 3}")).Play("0:a 70:a");
        Assert.Equal("", timeline.Answer());
        // Behind the end and the lateness.
        Assert.Equal("60=1", timeline.Play("70.5:a").Answer());
    }

    [Fact]
    public void Advance_SilentStream_ClosesByTheClockWithTheLateness()
    {
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{lt: 3}")).Play("0:a").Tick(69.9);
        Assert.Equal("", timeline.Answer());
        Assert.Equal("60=1", timeline.Tick(70).Answer());
        Assert.Equal("60=1", timeline.Tick(10_000).Answer());
    }

    [Theory]
    // Within the lateness an event finds its place, and completes a window that has passed.
    [InlineData("event_count", "[a]", "{gte: 3}", "0:a 5:a 62:a 3:a", "5=3")]
    [InlineData("temporal_ordered", "[a, b]", "", "10:b 9:a", "10=2")]
    [InlineData("temporal_ordered", "[a, b]", "", "9:a 8:b", "")]
    [InlineData("temporal", "[a, b]", "", "0:a 61:a 60:b", "60=2")]
    [InlineData("value_sum", "[a]", "{gte: 10, field: network.bytes}", "0:a:ip=1,n=5 65:a:ip=1,n=1 60:a:ip=1,n=5", "60=10")]
    // A hit nearby is not raised again by one that comes late.
    [InlineData("event_count", "[a]", "{gte: 2}", "0:a 5:a 4:a 3:a", "5=2")]
    public void Observe_LateWithinTheLateness_IsPutInItsPlace(string type, string rules, string condition, string events, string expected) =>
        Assert.Equal(expected, new Timeline(Timeline.Rule(type, rules, condition)).Play(events).Answer());

    [Fact]
    public void Observe_LateBeyondTheLateness_IsCounted()
    {
        var counts = new CountingCounts();
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 3}"), counts: counts).Play("100:a 29:a 100:a");
        Assert.Equal((1, ""), (counts.Late, timeline.Answer()));
        counts = new CountingCounts();
        Assert.Equal("60=1", new Timeline(Timeline.Rule("event_count", "[a]", "{lt: 2}"), counts: counts).Play("0:a").Tick(80).Play("59:a").Tick(10_000).Answer());
        Assert.Equal(1, counts.Late);
    }

    [Fact]
    public void Observe_TimeInTheFuture_BlindsNobody()
    {
        var counts = new CountingCounts();
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 4}"), counts: counts);
        var wrong = Timeline.Event("900000:a", 1);
        wrong.Received = Timeline.Start;
        timeline.Play(wrong);
        for (var i = 2; i <= 4; i++) timeline.Play(Timeline.Event($"{i}:a", i));
        Assert.Equal((0, "10=4"), (counts.Late, timeline.Answer()));
    }

    [Fact]
    public void Observe_LateFlood_StaysCheap()
    {
        // Every second event is late, over as many as a group keeps; generous: only something quadratic reaches the limit.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var type in new[] { "value_median", "value_avg" })
        {
            var timeline = new Timeline(Timeline.Rule(type, "[a]", "{gte: 1000, field: network.bytes}", timespan: "1h"));
            for (var i = 1; i <= 6_000; i++) timeline.Play(Timeline.Event($"{(i % 2 == 0 ? i - 5 : i) / 10.0}:a:ip=1,n={i % 97}", i));
            Assert.Empty(timeline.Hits);
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [Fact]
    public void Observe_SameEventAgain_ChangesNothing()
    {
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 2}"));
        for (var i = 0; i < 5; i++) timeline.Play(Timeline.Event("0:a", 1));
        Assert.Equal("", timeline.Answer());
    }

    [Fact]
    public void Observe_Aliases_JoinDifferentFields()
    {
        var rule = Timeline.Rule("temporal", "[a, b]", "", groupBy: "[inner, outer]", more: "  aliases:\n    inner:\n      a: source.ip\n      b: destination.ip\n    outer:\n      a: destination.ip\n      b: source.ip\n");
        Assert.Equal("1=2", new Timeline(rule).Play("0:a:ip=1,to=2 1:b:ip=2,to=1").Answer());
        Assert.Equal("", new Timeline(rule).Play("0:a:ip=1,to=2 1:b:ip=1,to=2").Answer());
        var hit = Assert.Single(new Timeline(rule).Play("0:a:ip=1,to=2 1:b:ip=2,to=1").Hits);
        Assert.Equal([KeyValuePair.Create("inner", "1"), KeyValuePair.Create("outer", "2")], hit.Group);
    }

    [Fact]
    public void Observe_Chained_TakesValuesOfTheGroupAndOfTheEvents()
    {
        // The lower one is kept apart by address; the upper one asks for the user, whom only the events know.
        var rules = Timeline.Rule("event_count", "[a]", "{gte: 3}", name: "many", id: 2) + Timeline.Rule("temporal_ordered", "[many, b]", "", groupBy: "[user.name]");
        Assert.Equal("10=2", new Timeline(rules).Play("0:a:ip=1,u=x 1:a:ip=1,u=x 2:a:ip=1,u=x 10:b:ip=9,u=x").Answer());
        Assert.Equal("", new Timeline(rules).Play("0:a:ip=1,u=x 1:a:ip=1,u=x 2:a:ip=1,u=x 10:b:ip=9,u=y").Answer());
        Assert.Equal("2=3", new Timeline(rules).Play("0:a:ip=1,u=x 1:a:ip=1,u=x 2:a:ip=1,u=x").Answer("many"));
        // And the order counts.
        Assert.Equal("", new Timeline(rules).Play("0:b:ip=9,u=x 10:a:ip=1,u=x 11:a:ip=1,u=x 12:a:ip=1,u=x").Answer());
    }

    [Fact]
    public void Observe_ChainedThreeHigh_Climbs()
    {
        var rules = Timeline.Rule("event_count", "[a]", "{gte: 2}", name: "low", id: 2, groupBy: "[source.ip, user.name]")
            + Timeline.Rule("value_count", "[low]", "{gte: 2, field: user.name}", name: "middle", id: 3) + Timeline.Rule("temporal", "[middle, b]", "");
        Assert.Equal("5=2", new Timeline(rules).Play("0:a:ip=1,u=x 1:a:ip=1,u=x 2:a:ip=1,u=y 3:a:ip=1,u=y 5:b:ip=1").Answer());
    }

    [Fact]
    public void Advance_ChainedOverAWindowThatCloses_RaisesBoth()
    {
        var rules = Timeline.Rule("event_count", "[a]", "{lt: 3}", name: "few", id: 2) + Timeline.Rule("temporal", "[few, b]", "", timespan: "5m");
        Assert.Equal("60=2", new Timeline(rules).Play("0:a 30:b").Tick(100).Answer());
    }

    [Fact]
    public void Observe_EmptyGroupBy_IsOneGroup() => Assert.Equal("1=2", new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 2}", groupBy: "[]")).Play("0:a:ip=1 1:a:ip=2").Answer());

    [Fact]
    public void Observe_MoreThanAGroupKeeps_EvictsTheOldestAndCounts()
    {
        var counts = new CountingCounts();
        var limits = new CorrelationLimits { MaxEntries = 10, Lateness = TimeSpan.FromSeconds(10) };
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 5}"), limits, counts).Play(string.Join(' ', Enumerable.Range(0, 25).Select(static i => $"{i}:a")));
        Assert.Equal("4=5", timeline.Answer());
        Assert.Equal(15, counts.Evicted);
    }

    [Fact]
    public void Observe_MoreGroupsThanAllowed_ForgetsTheOldest()
    {
        var counts = new CountingCounts();
        var limits = new CorrelationLimits { MaxGroups = 3, Lateness = TimeSpan.FromSeconds(10) };
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 2}"), limits, counts);
        timeline.Play("0:a:ip=1 1:a:ip=2").Tick(1).Play("2:a:ip=3").Tick(2).Play("3:a:ip=4 4:a:ip=4");
        Assert.Equal("4=2", timeline.Answer());
        Assert.Equal((3, 1), (timeline.Engine.States.Single(static s => s.Correlation.Rule.Name == "top").Groups, counts.Evicted));
    }

    [Fact]
    public void Observe_FloodOfGroups_StaysBelowTheCeilingOfMemory()
    {
        var counts = new CountingCounts();
        var limits = new CorrelationLimits { MaxBytes = 200_000 };
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 2}") + Timeline.Rule("value_count", "[a]", "{gte: 1000, field: user.name}", name: "wide", id: 2), limits, counts);
        for (var i = 0; i < 5_000; i++) timeline.Play(Timeline.Event($"{i / 100}:a:ip={i},u={i}", i + 1));
        Assert.True(timeline.Engine.Bytes <= limits.MaxBytes);
        Assert.True(counts.Evicted > 1_000);
        Assert.Equal(timeline.Engine.Bytes, timeline.Engine.States.Sum(static s => s.Bytes));
    }

    [Fact]
    public void Advance_QuietGroups_AreForgotten()
    {
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 2}")).Play("0:a:ip=1 50:a:ip=2").Tick(71);
        Assert.Equal(1, timeline.Engine.States.Single().Groups);
        timeline.Tick(121);
        Assert.Equal((0, 0L), (timeline.Engine.States.Single().Groups, timeline.Engine.Bytes));
    }

    [Fact]
    public void Observe_BurstOfAHundredThousand_RaisesOnceATimespan()
    {
        var timeline = new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 10}"));
        for (var i = 0; i < 100_000; i++) timeline.Play(Timeline.Event($"{i / 500.0}:a", i + 1));
        // 200 seconds at a timespan of 60.
        Assert.Equal(4, timeline.Hits.Count);
    }

    [Fact]
    public void Observe_LongRunOfOneRule_KeepsWhatDecides()
    {
        var counts = new CountingCounts();
        var timeline = new Timeline(Timeline.Rule("temporal_ordered", "[a, b]", "", timespan: "1h"), counts: counts);
        for (var i = 0; i < 20_000; i++) timeline.Play(Timeline.Event($"{i / 10.0}:a", i + 1));
        Assert.True(timeline.Engine.States.Single().All.Single().Entries.Count < 2_000);
        Assert.Equal(0, counts.Evicted);
        timeline.Play(Timeline.Event("3000:b", 50_000));
        Assert.Equal("3000=2", timeline.Answer());
    }

    [Fact]
    public void Hit_NamesItsEvidence()
    {
        var hit = Assert.Single(new Timeline(Timeline.Rule("event_count", "[a]", "{gte: 30}")).Play(string.Join(' ', Enumerable.Range(0, 30).Select(static i => $"{i}:a"))).Hits);
        Assert.Equal((30, Timeline.Start, Timeline.Start.AddSeconds(29)), (hit.Events, hit.First, hit.Last));
        Assert.Equal(CorrelationLimits.MaxEvidence, hit.Evidence.Count);
        Assert.Equal(SecurityEventIdOf(30), hit.Evidence[^1].Id);
        Assert.Equal("a", hit.Evidence[0].Rule);

        static Guid SecurityEventIdOf(long order) => Beacon.Events.SecurityEventId.From(7, order).Value;
    }
}
