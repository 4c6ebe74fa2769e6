using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>What every store must do. A store's test class inherits this and says how to open an empty one.</summary>
public abstract class EventStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static CancellationToken None => TestContext.Current.CancellationToken;

    protected IEventStore Store { get; private set; } = null!;

    protected abstract Task<IEventStore> OpenEmptyAsync();
    protected abstract ValueTask CloseAsync();

    public async ValueTask InitializeAsync() => Store = await OpenEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected static SecurityEvent Event(long sequence, params (string Field, string Value)[] fields)
    {
        var e = new SecurityEvent
        {
            Id = SecurityEventId.From(7, sequence), Sequence = sequence, Source = "test",
            Timestamp = Noon.AddSeconds(sequence), Received = Noon.AddSeconds(sequence),
        };
        foreach (var (field, value) in fields) e.Add(field, value);
        return e;
    }

    private async Task<List<long>> FoundAsync(EventFilter filter)
    {
        var page = await Store.SearchAsync(new EventQuery { Filter = filter, OldestFirst = true, Limit = 1000 }, None);
        return [.. page.Events.Select(e => e.Sequence)];
    }

    [Fact]
    public async Task Append_EveryKindOfValue_ComesBackAsItWas()
    {
        var e = Event(1);
        e.Timestamp = Noon.AddTicks(1_234_560);
        e.Add(Field.Message, "cmd.exe\0 /c evil 'quoted' ünï 漢字 😀");
        e.Add(Field.EventCategory, "authentication");
        e.Add(Field.EventCategory, "network");
        e.Add(Field.SourceIp, "2001:db8::1");
        e.Add(Field.SourcePort, 65535);
        e.Add(Field.DestinationPort, "http");
        e.Add(Field.UserName, "");
        e.Add("winlog.event_data.Empty", "");
        e.Add("winlog.event_data.Threat Name", "a\"b\\c/d~e");
        e.Add("odd.\"name\\/~", "x");
        e.Add("zeek.modbus.values"u8, "1"u8, ValueKind.Number);
        e.Add("zeek.modbus.values"u8, "2.50"u8, ValueKind.Number);
        e.Add("labels.flag"u8, "true"u8, ValueKind.Boolean);
        e.Add("labels.none"u8, default, ValueKind.Null);
        await Store.AppendAsync([e], 1, None);

        var back = await Store.GetAsync(e.Id, None);

        Assert.NotNull(back);
        Assert.Equal((e.Id, 1L, e.Timestamp, e.Received, "test"), (back.Id, back.Sequence, back.Timestamp, back.Received, back.Source));
        static IEnumerable<string> Fields(SecurityEvent x) => Enumerable.Range(0, x.Count)
            .Select(i => $"{System.Text.Encoding.UTF8.GetString(x.NameAt(i))}={x.TextAt(i)} {x.KindAt(i)}").Order(StringComparer.Ordinal);
        Assert.Equal(Fields(e), Fields(back));
    }

    [Fact]
    public async Task Append_ValuesThatNoColumnTakes_ComeBackAndAreFound()
    {
        var odd = Event(1, ("source.ip", "not an address"), ("user.name", new string('u', 300)));
        odd.Add(Field.SourcePort, "http");
        odd.Add(Field.SourceBytes, "1.5", ValueKind.Number);
        odd.Add(Field.DestinationBytes, "99999999999999999999", ValueKind.Number);
        odd.Add(Field.UserDomain, "true", ValueKind.Boolean);
        odd.Add(Field.HostName, "a");
        odd.Add(Field.HostName, "B");
        odd.Add("process", "a name that is also the beginning of others");
        odd.Add("a=b<c>#^d", "x=y");
        odd.Add("labels.\u00C9t\u00C9", "Stra\u00DFe \U00010400");
        var plain = Event(2, ("source.port", "80"), ("host.name", "c"));
        await Store.AppendAsync([odd, plain], 2, None);

        var back = await Store.GetAsync(odd.Id, None);
        static IEnumerable<string> Fields(SecurityEvent x) => Enumerable.Range(0, x.Count).Select(i => $"{System.Text.Encoding.UTF8.GetString(x.NameAt(i))}={x.TextAt(i)}").Order(StringComparer.Ordinal);
        Assert.Equal(Fields(odd), Fields(back!));
        (string Field, FieldTest Test, string Value)[] found =
        [
            ("source.port", FieldTest.Equals, "HTTP"), ("source.bytes", FieldTest.Greater, "1"), ("source.bytes", FieldTest.Equals, "1.5"), ("destination.bytes", FieldTest.Greater, "99999999999999"), ("user.domain", FieldTest.Equals, "TRUE"),
            ("host.name", FieldTest.Equals, "b"), ("process", FieldTest.StartsWith, "a name"), ("a=b<c>#^d", FieldTest.Equals, "X=Y"), ("labels.\u00C9t\u00C9", FieldTest.Contains, "stra\u00DFe \U00010428"),
            ("source.port", FieldTest.Contains, "tt"), ("source.port", FieldTest.Exists, ""), ("source.ip", FieldTest.Contains, "an addr"),
        ];
        foreach (var (field, test, value) in found) Assert.True((await FoundAsync(new FieldFilter(field, test, value))).Contains(1), $"{field} {test} {value}");
        Assert.Equal([2], await FoundAsync(new FieldFilter("source.port", FieldTest.Equals, "80")));
        Assert.Empty(await FoundAsync(new FieldFilter("labels.\u00E9t\u00E9", FieldTest.Exists, "")));
        Assert.Empty(await FoundAsync(new FieldFilter("source.ip", FieldTest.Cidr, "::/0")));
    }

    [Fact]
    public async Task Append_VeryLongValues_ComeBackAndAreFound()
    {
        // Letters of two bytes, so that no piece of it begins where a letter does by itself.
        var text = "Begin " + string.Concat(Enumerable.Range(0, 20_000).Select(n => (char)(0xE0 + n % 20))) + " Middle " + new string('x', 40_000) + " End";
        var e = Event(1, ("message", text), ("zeek.long", text), ("user.name", "u"));
        await Store.AppendAsync([e, Event(2, ("message", "short"))], 2, None);

        var back = await Store.GetAsync(e.Id, None);
        Assert.Equal((text, text), (back!.GetText(Field.Message), back.GetText("zeek.long")));
        foreach (var field in new[] { "message", "zeek.long" })
        {
            (FieldTest Test, string Value)[] found =
            [
                (FieldTest.Contains, "MIDDLE"), (FieldTest.Contains, text[19_000..19_500]), (FieldTest.StartsWith, "begin \u00E0"), (FieldTest.EndsWith, "x end"), (FieldTest.Equals, text.ToUpperInvariant()), (FieldTest.Exists, ""),
                (FieldTest.Wildcard, "*middle*"), (FieldTest.Wildcard, "begin*"), (FieldTest.Wildcard, "*end"), (FieldTest.Wildcard, "begin*end"), (FieldTest.Wildcard, "b?gin*mid?le*end"),
            ];
            foreach (var (test, value) in found) Assert.True((await FoundAsync(new FieldFilter(field, test, value))).Contains(1), $"{field} {test} {value[..Math.Min(20, value.Length)]}");
            (FieldTest Test, string Value)[] not = [(FieldTest.Contains, "middles"), (FieldTest.StartsWith, "egin"), (FieldTest.EndsWith, "en"), (FieldTest.Equals, text + "x"), (FieldTest.Wildcard, "middle*"), (FieldTest.Wildcard, "?"), (FieldTest.Wildcard, "*begin*x")];
            foreach (var (test, value) in not) Assert.DoesNotContain(1, await FoundAsync(new FieldFilter(field, test, value)));
        }
        Assert.Equal([1], await FoundAsync(new TextFilter("middle")));
    }

    [Fact]
    public async Task Append_SameSequenceAgain_StoresNothingTwice()
    {
        await Store.AppendAsync([Event(1), Event(2)], 2, None);
        await Store.AppendAsync([Event(1), Event(2)], 2, None);
        Assert.Equal(2, Store.CommittedSequence);
        Assert.Equal(2, await Store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Append_NoEvents_MovesTheSequence()
    {
        await Store.AppendAsync([], 9, None);
        Assert.Equal(9, Store.CommittedSequence);
    }

    public static TheoryData<string, FieldTest, string, long[]> Tests => new()
    {
        { "user.name", FieldTest.Equals, "ROOT", [1] },
        { "user.name", FieldTest.Equals, "o'brien", [2] },
        { "user.name", FieldTest.Contains, "o", [1, 2] },
        { "user.name", FieldTest.StartsWith, "ro", [1] },
        { "user.name", FieldTest.EndsWith, "EN", [2] },
        { "user.name", FieldTest.Wildcard, "?'b*", [2] },
        { "user.name", FieldTest.Exists, "", [1, 2] },
        { "process.command_line", FieldTest.Contains, "100%_", [3] },
        { "process.command_line", FieldTest.Wildcard, "*100%_*", [3] },
        { "process.command_line", FieldTest.Wildcard, "*\\**", [3] },
        { "process.command_line", FieldTest.Equals, "a\0b", [4] },
        { "source.port", FieldTest.Equals, "22", [1] },
        { "source.port", FieldTest.Equals, "2a", [] },
        { "source.port", FieldTest.Greater, "22", [2] },
        { "source.port", FieldTest.GreaterOrEqual, "22", [1, 2] },
        { "source.port", FieldTest.Less, "1000.5", [1] },
        { "source.ip", FieldTest.Cidr, "10.1.0.0/16", [1] },
        { "source.ip", FieldTest.Cidr, "0.0.0.0/0", [1] },
        { "source.ip", FieldTest.Cidr, "2001:db8::/32", [2] },
        { "source.ip", FieldTest.Equals, "10.1.2.3", [1] },
        { "host.ip", FieldTest.Cidr, "192.0.2.0/24", [5] },
        { "host.ip", FieldTest.Cidr, "2001:db8:7::/48", [5] },
        { "host.ip", FieldTest.Cidr, "2001:db8:8::/48", [] },
        { "host.ip", FieldTest.Equals, "192.0.2.9", [5] },
        { "host.name", FieldTest.Equals, "i", [] },
        { "host.name", FieldTest.Equals, "\u0130", [3] },
        { "host.name", FieldTest.Contains, "k", [3, 4] },
        { "host.name", FieldTest.Equals, "I\u00DF", [4] },
        { "zeek.null", FieldTest.Exists, "", [] },
        { "event.category", FieldTest.Equals, "network", [5] },
        { "event.category", FieldTest.Equals, "process", [5] },
        { "winlog.event_data.TargetImage", FieldTest.EndsWith, "\\lsass.exe", [4] },
        { "winlog.event_data.TargetImage", FieldTest.Equals, "c:\\windows\\LSASS.exe", [4] },
        { "zeek.list", FieldTest.Equals, "b\"c", [5] },
        { "zeek.list", FieldTest.Exists, "", [5] },
        { "zeek.count", FieldTest.GreaterOrEqual, "10", [5] },
        { "zeek.count", FieldTest.Less, "9", [] },
        { "zeek.nothing", FieldTest.Exists, "", [] },
        { "@timestamp", FieldTest.GreaterOrEqual, "2026-03-01T12:00:04Z", [4, 5] },
        { "beacon.source", FieldTest.Equals, "test", [1, 2, 3, 4, 5] },
        { "beacon.sequence", FieldTest.GreaterOrEqual, "4", [4, 5] },
        { "beacon.sequence", FieldTest.Less, "2", [1] },
        { "beacon.sequence", FieldTest.Equals, "3", [3] },
        { "no.such", FieldTest.Equals, "x", [] },
    };

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Search_OneTest_FindsExactly(string field, FieldTest test, string value, long[] expected)
    {
        await FillAsync();
        Assert.Equal(expected, await FoundAsync(new FieldFilter(field, test, value)));
    }

    [Theory]
    [InlineData("LSASS", new long[] { 4 })]
    [InlineData("o'br", new long[] { 2 })]
    [InlineData("b\"c", new long[] { 5 })]
    [InlineData("targetimage", new long[0])]
    [InlineData("10.1.2", new long[] { 1 })]
    [InlineData("network", new long[] { 5 })]
    public async Task Search_Text_FindsItAnywhereInValues(string text, long[] expected)
    {
        await FillAsync();
        Assert.Equal(expected, await FoundAsync(new TextFilter(text)));
    }

    [Theory]
    [InlineData("zeek.null", new long[] { 5 })]
    [InlineData("zeek.*", new long[] { 5 })]
    [InlineData("winlog.*Image", new long[] { 4 })]
    [InlineData("winlog.event_data.T*I?age", new long[0])]
    [InlineData("source.ip", new long[] { 1, 2 })]
    [InlineData("event.cat*", new long[] { 5 })]
    [InlineData("user.nam", new long[0])]
    [InlineData("winlog.event_data.* *", new long[] { 2 })]
    [InlineData("zeek.* *", new long[0])]
    public async Task Search_NameOfAField_FindsEventsThatCarryIt(string pattern, long[] expected)
    {
        await FillAsync();
        Assert.Equal(expected, await FoundAsync(new FieldNameFilter(pattern)));
    }

    [Fact]
    public async Task Search_Not_HoldsForAbsentFields()
    {
        await FillAsync();
        Assert.Equal([2, 3, 4, 5], await FoundAsync(new NotFilter(EventFilter.Equal("user.name", "root"))));
        Assert.Equal([1, 2, 3, 5], await FoundAsync(new NotFilter(new FieldFilter("winlog.event_data.TargetImage", FieldTest.Contains, "lsass"))));
        Assert.Equal([1], await FoundAsync(new AndFilter([new FieldFilter("user.name", FieldTest.Exists, ""), new NotFilter(EventFilter.Equal("source.port", "1024"))])));
        Assert.Equal([1, 5], await FoundAsync(new OrFilter([EventFilter.Equal("user.name", "root"), EventFilter.Equal("event.category", "network")])));
    }

    [Fact]
    public async Task Search_Pages_GiveEachRowOnceInOrder()
    {
        var events = Enumerable.Range(1, 25).Select(n => Event(n)).ToList();
        foreach (var e in events) e.Timestamp = Noon.AddSeconds(e.Sequence / 10);
        await Store.AppendAsync(events, 25, None);
        var seen = new List<long>();
        string? after = null;
        do
        {
            var page = await Store.SearchAsync(new EventQuery { Limit = 4, After = after }, None);
            seen.AddRange(page.Events.Select(e => e.Sequence));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(n => (long)n), seen);
    }

    [Fact]
    public async Task Search_TimeRange_IsHalfOpen()
    {
        await FillAsync();
        var page = await Store.SearchAsync(new EventQuery { Range = new TimeRange(Noon.AddSeconds(2), Noon.AddSeconds(4)), OldestFirst = true }, None);
        Assert.Equal([2, 3], page.Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Search_BadQuery_SaysWhat()
    {
        await FillAsync();
        var bad = new[] { new FieldFilter("user.name", FieldTest.Cidr, "10.0.0.0/8"), new FieldFilter("source.ip", FieldTest.Cidr, "10.0.0.0/99"), new FieldFilter("@timestamp", FieldTest.Less, "soon") };
        foreach (var filter in bad)
            await Assert.ThrowsAsync<EventQueryException>(() => Store.CountAsync(filter, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Histogram_CountsByInterval()
    {
        await FillAsync();
        var buckets = await Store.HistogramAsync(EventFilter.All, new TimeRange(Noon, Noon.AddSeconds(60)), TimeSpan.FromSeconds(2), None);
        Assert.Equal([(0, 1L), (2, 2L), (4, 2L)], buckets.Select(b => ((int)(b.Start - Noon).TotalSeconds, b.Count)));
    }

    [Fact]
    public async Task TopValues_AreTheLargestFirst()
    {
        var events = new[] { "a", "b", "b", "c", "c", "c" }.Select((u, i) => Event(i + 1, ("user.name", u), ("x.y", u))).ToList();
        await Store.AppendAsync(events, 6, None);
        Assert.Equal([new ValueCount("c", 3), new ValueCount("b", 2)], await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, "user.name", 2, None));
        Assert.Equal([new ValueCount("c", 3), new ValueCount("b", 2)], await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, "x.y", 2, None));
    }

    [Fact]
    public async Task Group_CountsAndDistinctCounts_AboveTheThreshold()
    {
        var events = Enumerable.Range(1, 10).Select(n => Event(n, ("source.ip", n <= 7 ? "10.0.0.1" : "10.0.0.2"), ("user.name", "u" + n % 3))).ToList();
        events.Add(Event(11, ("user.name", "no address")));
        await Store.AppendAsync(events, 11, None);

        var counted = await Store.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, ["source.ip"], null, 4, 10), None);
        var distinct = await Store.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, ["source.ip"], "user.name", 3, 10), None);
        var all = await Store.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, [], null, 1, 10), None);

        var group = Assert.Single(counted);
        Assert.Equal(("10.0.0.1", 7L, Noon.AddSeconds(1), Noon.AddSeconds(7)), (group.Key[0], group.Count, group.First, group.Last));
        Assert.Equal(SecurityEventId.From(7, 7), group.Sample);
        Assert.Equal(2, distinct.Count);
        Assert.Equal(11, Assert.Single(all).Count);
    }

    [Fact]
    public async Task GroupMany_QueriesOfOneRangeAndOfOthers_AnswerAsEachAlone()
    {
        var events = Enumerable.Range(1, 40).Select(n => Event(n, ("source.ip", "10.0.0." + n % 3), ("user.name", "u" + n % 7), ("event.outcome", n % 4 == 0 ? "failure" : "success"), ("x.y", "v" + n % 5))).ToList();
        events.Add(Event(41, ("user.name", "no address")));
        await Store.AppendAsync(events, 41, None);
        var all = TimeRange.Unbounded;
        var failed = EventFilter.Equal("event.outcome", "failure");
        GroupQuery[] queries =
        [
            new(EventFilter.All, all, ["source.ip"], null, 1, 10), new(failed, all, ["source.ip"], null, 4, 10), new(failed, all, ["source.ip"], "user.name", 1, 10),
            new(EventFilter.Equal("x.y", "v1"), all, ["source.ip"], "x.y", 1, 2), new(EventFilter.All, all, [], null, 1, 10), new(failed, all, [], "user.name", 1, 10),
            new(EventFilter.Equal("user.name", "nobody"), all, [], null, 1, 10), new(failed, new TimeRange(Noon, Noon.AddSeconds(20)), ["source.ip"], null, 1, 10), new(failed, all, ["x.y", "user.name"], null, 1, 100),
            new(EventFilter.All, all, ["x.y", "user.name"], null, 2, 5),
        ];
        var together = await Store.GroupManyAsync(queries, None);
        Assert.Equal(queries.Length, together.Count);
        for (var i = 0; i < queries.Length; i++)
        {
            var alone = await Store.GroupAsync(queries[i], None);
            Assert.Equal(alone.Select(Line), together[i].Select(Line));
        }
        Assert.Empty(together[6]);
        Assert.Equal(3, together[0].Count);
        static string Line(GroupCount g) => $"{string.Join(',', g.Key)} {g.Count} {g.Events} {g.First:O} {g.Last:O} {g.Sample}";
    }

    [Fact]
    public async Task Scan_ReadsAllInOrderOfTime_AsTheyStoodAtTheStart()
    {
        // The times run against the sequence, and many share one instant.
        var events = Enumerable.Range(1, 500).Select(n => Event(n, ("user.name", n % 2 == 0 ? "even" : "odd"), ("zeek.n", "x" + n))).ToList();
        foreach (var e in events) e.Timestamp = Noon.AddSeconds(-(e.Sequence / 7));
        await Store.AppendAsync(events, 500, None);
        var seen = new List<SecurityEvent>();
        await foreach (var batch in Store.ScanAsync(new EventScan(EventFilter.Equal("user.name", "odd"), new TimeRange(Noon.AddSeconds(-60), Noon)), None))
        {
            if (seen.Count == 0) await Store.AppendAsync([Event(501, ("user.name", "odd"))], 501, None);
            seen.AddRange(batch);
        }
        var expected = events.Where(e => e.Sequence % 2 == 1 && e.Timestamp >= Noon.AddSeconds(-60) && e.Timestamp < Noon).OrderBy(e => e.Timestamp).ThenBy(e => e.Sequence).Select(e => e.Sequence);
        Assert.Equal(expected, seen.Select(e => e.Sequence));
        Assert.Equal("x" + seen[0].Sequence, seen[0].GetText("zeek.n"));
        var some = new List<SecurityEvent>();
        await foreach (var batch in Store.ScanAsync(new EventScan(EventFilter.All, TimeRange.Unbounded, ["user.name"]), None)) some.AddRange(batch);
        Assert.Equal(501, some.Count);
        Assert.All(some, e => Assert.True(e.Has(Field.UserName)));
    }

    [Fact]
    public async Task Series_CountDistinctAndSum_ByGroupAndInterval()
    {
        var events = Enumerable.Range(0, 12).Select(n => Event(n + 1, ("host.name", n < 8 ? "a" : "b"), ("user.name", "u" + n % 3), ("source.bytes", "10"))).ToList();
        for (var n = 0; n < 12; n++) events[n].Timestamp = Noon.AddSeconds(n * 10);
        await Store.AppendAsync(events, 12, None);
        var range = new TimeRange(Noon, Noon.AddMinutes(5));
        async Task<string> AskAsync(SeriesMeasure measure, string? field, string[] by, int limit) => string.Join("; ",
            (await Store.SeriesAsync(new SeriesQuery(EventFilter.All, range, TimeSpan.FromMinutes(1), by, measure, field, limit), None))
            .Select(s => $"{string.Join(',', s.Key)} {s.Events}: {string.Join(' ', s.Points.Select(p => $"{(p.Start - Noon).TotalSeconds}={p.Value}"))}"));
        Assert.Equal("a 8: 0=6 60=2; b 4: 60=4", await AskAsync(SeriesMeasure.Count, null, ["host.name"], 10));
        Assert.Equal("a 8: 0=6 60=2", await AskAsync(SeriesMeasure.Count, null, ["host.name"], 1));
        Assert.Equal(" 12: 0=3 60=3", await AskAsync(SeriesMeasure.Distinct, "user.name", [], 10));
        Assert.Equal("a 8: 0=60 60=20; b 4: 60=40", await AskAsync(SeriesMeasure.Sum, "source.bytes", ["host.name"], 10));
        await Assert.ThrowsAsync<EventQueryException>(() => Store.SeriesAsync(new SeriesQuery(EventFilter.All, TimeRange.Unbounded, TimeSpan.FromSeconds(1), [], SeriesMeasure.Count, null, 1), None));
    }

    [Fact]
    public async Task NewTerms_AreThoseThatHistoryLacks()
    {
        var events = new[] { ("a", "x"), ("b", "x"), ("A", "x"), ("a", "y"), ("c", "x"), ("c", "x") }.Select((p, i) => Event(i + 1, ("host.name", p.Item1), ("zeek.service", p.Item2))).ToList();
        events.Add(Event(7, ("host.name", "lacks the other")));
        await Store.AppendAsync(events, 7, None);
        var history = new TimeRange(Noon, Noon.AddSeconds(3));
        var range = new TimeRange(Noon.AddSeconds(3), Noon.AddSeconds(60));
        var one = await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, history, ["host.name"], 10), None);
        Assert.Equal([("c", 2L, 5L), ("lacks the other", 1L, 7L)], one.Select(t => (t.Values[0], t.Events, (long)(t.First - Noon).TotalSeconds)));
        var two = await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, history, ["host.name", "zeek.service"], 10), None);
        Assert.Equal(["a,y 1", "c,x 2"], two.Select(t => $"{string.Join(',', t.Values)} {t.Events}"));
        Assert.Equal(SecurityEventId.From(7, 5), two[1].Sample);
        Assert.Equal(3, (await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, new TimeRange(Noon.AddDays(-9), Noon.AddDays(-8)), ["host.name"], 10), None)).Count);
        Assert.Equal("a", Assert.Single(await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, new TimeRange(Noon.AddDays(-9), Noon.AddDays(-8)), ["host.name"], 1), None)).Values[0], ignoreCase: true);
    }

    [Fact]
    public async Task Neighbours_AreOfTheSameSourceAndHostInOrder()
    {
        var events = Enumerable.Range(1, 9).Select(n => Event(n, ("host.name", n % 2 == 0 ? "even" : "odd"))).ToList();
        await Store.AppendAsync(events, 9, None);
        var around = await Store.NeighboursAsync(events[4].Id, 1, 5, None);
        Assert.NotNull(around);
        Assert.Equal([3], around.Before.Select(e => e.Sequence));
        Assert.Equal(5, around.Event.Sequence);
        Assert.Equal([7, 9], around.After.Select(e => e.Sequence));
        Assert.Null(await Store.NeighboursAsync(SecurityEventId.From(1, 1), 1, 1, None));
    }

    [Fact]
    public async Task Fields_NameWhatEventsCarry()
    {
        await FillAsync();
        var fields = (await Store.FieldsAsync(TimeRange.Unbounded, 100, None)).ToDictionary(f => f.Value, f => f.Count);
        Assert.Equal(2, fields["user.name"]);
        Assert.Equal(1, fields["winlog.event_data.TargetImage"]);
        Assert.DoesNotContain("dns.question.name", fields.Keys);
    }

    [Fact]
    public async Task Queries_WhileAppending_SeeWholeBatches()
    {
        var reading = Task.Run(async () =>
        {
            while (Store.CommittedSequence < 2000)
                Assert.Equal(0, await Store.CountAsync(EventFilter.All, TimeRange.Unbounded, None) % 100);
        }, None);
        for (var batch = 0; batch < 20; batch++)
            await Store.AppendAsync([.. Enumerable.Range(batch * 100 + 1, 100).Select(n => Event(n, ("user.name", "u")))], (batch + 1) * 100, None);
        await reading;
        Assert.Equal(2000, await Store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Query_Cancelled_Stops()
    {
        await FillAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CountAsync(EventFilter.All, TimeRange.Unbounded, cancelled.Token));
    }

    private async Task FillAsync()
    {
        var listed = Event(5, ("event.category", "network"), ("event.category", "process"), ("zeek.list", "a"), ("zeek.list", "b\"c"));
        foreach (var address in new[] { "198.51.100.1", "192.0.2.9", "2001:db8:7::1" }) listed.Add("host.ip", address);
        listed.Add("zeek.null"u8, default, ValueKind.Null);
        listed.Add("zeek.null"u8, default, ValueKind.Null);
        listed.Add("zeek.count"u8, "10"u8, ValueKind.Number);
        await Store.AppendAsync(
        [
            Event(1, ("user.name", "root"), ("source.ip", "10.1.2.3"), ("source.port", "22")),
            Event(2, ("user.name", "O'Brien"), ("source.ip", "2001:db8::5"), ("source.port", "1024"), ("winlog.event_data.Threat Name", "x")),
            Event(3, ("process.command_line", "copy 100%_done *.txt"), ("host.name", "\u0130"), ("host.name", "x\u212Ay")),
            Event(4, ("host.name", "i\u1E9E"), ("host.name", "K"), ("process.command_line", "a\0b"), ("winlog.event_data.TargetImage", "C:\\Windows\\lsass.exe")),
            listed,
        ], 5, None);
    }
}
