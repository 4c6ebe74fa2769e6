using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>Filters, pages and what stands around an event.</summary>
public abstract partial class EventStoreContract
{
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
    public async Task Search_AskedAgainAfterAnAppend_SeesWhatCame()
    {
        var filter = EventFilter.Equal("user.name", "u");
        var old = new TimeRange(Noon, Noon.AddSeconds(4));
        async Task<string> AskAsync() => string.Join(' ',
            await Store.CountAsync(filter, old, None), string.Join(',', (await Store.SearchAsync(new EventQuery { Filter = filter, Range = old }, None)).Events.Select(e => e.Sequence)),
            (await Store.TopValuesAsync(filter, old, "user.name", 5, None)).Sum(v => v.Count), (await Store.HistogramAsync(filter, old, TimeSpan.FromSeconds(10), None)).Sum(b => b.Count),
            (await Store.NewTermsAsync(new NewTermsQuery(filter, old, new TimeRange(Noon.AddHours(-2), Noon.AddHours(-1)), ["user.name"], 5), None)).Count);
        await Store.AppendAsync([Event(1, ("user.name", "u")), Event(9, ("user.name", "u"))], 9, None);
        Assert.Equal("1 1 1 1 1", await AskAsync());
        Assert.Equal("1 1 1 1 1", await AskAsync());
        // Late, into the middle of what was asked; then the history of a term.
        var late = Event(10, ("user.name", "u"));
        late.Timestamp = Noon.AddSeconds(2);
        await Store.AppendAsync([late], 10, None);
        Assert.Equal("2 10,1 2 2 1", await AskAsync());
        var known = Event(11, ("user.name", "U"));
        known.Timestamp = Noon.AddHours(-2);
        await Store.AppendAsync([known], 11, None);
        Assert.Equal("2 10,1 2 2 0", await AskAsync());
    }

    /// <summary>Texts of corners: letters that fold oddly, what JSON escapes, wildcards, digits. No short cut may hide one.</summary>
    [Fact]
    public async Task Search_RandomTexts_FindsWhatHoldsThem()
    {
        var random = new Random(71);
        string[] letters = ["a", "A", "k", "K", "\u212A", "i", "\u0130", "I", "\u00DF", "\u1E9E", " ", "\"", "\\", "\n", "\u001F", "-", "4", "1", ":", "/", "*", "%", "_", "e", "\0", "\u6F22", "\U0001F600", "\U00010400"];
        string Text(int most) => string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => letters[random.Next(letters.Length)]));
        string[] fields = ["process.command_line", "message", "host.name", "zeek.text", "zeek.list", "user.name"];
        var events = Enumerable.Range(1, 200).Select(n =>
        {
            var e = Event(n);
            foreach (var field in fields)
                for (var times = random.Next(0, field is "host.name" or "zeek.list" ? 4 : 2); times > 0; times--) e.Add(field, Text(14));
            return e;
        }).ToList();
        await Store.AppendAsync(events, 200, None);
        var values = events.SelectMany(e => Enumerable.Range(0, e.Count).Select(i => (e.Sequence, Field: System.Text.Encoding.UTF8.GetString(e.NameAt(i)), Text: Fold(e.TextAt(i))))).ToList();
        for (var round = 0; round < 150; round++)
        {
            var whole = values[random.Next(values.Count)].Text.EnumerateRunes().ToList();
            var from = random.Next(whole.Count);
            var needle = round % 5 == 0 ? Text(5) : string.Concat(whole.Skip(from).Take(random.Next(1, 8)));
            var folded = Fold(needle);
            var field = fields[random.Next(fields.Length)];
            foreach (var (test, holds) in new (FieldTest, Func<string, bool>)[]
            {
                (FieldTest.Contains, v => v.Contains(folded, StringComparison.Ordinal)), (FieldTest.StartsWith, v => v.StartsWith(folded, StringComparison.Ordinal)),
                (FieldTest.EndsWith, v => v.EndsWith(folded, StringComparison.Ordinal)), (FieldTest.Equals, v => v == folded),
            })
                Assert.Equal(values.Where(v => v.Field == field && holds(v.Text)).Select(static v => v.Sequence).Distinct(), await FoundAsync(new FieldFilter(field, test, needle)));
            Assert.Equal(values.Where(v => v.Text.Contains(folded, StringComparison.Ordinal)).Select(static v => v.Sequence).Distinct(), await FoundAsync(new TextFilter(needle)));
        }

        static string Fold(string text) => string.Concat(text.EnumerateRunes().Select(static r => System.Text.Rune.ToLowerInvariant(r).ToString()));
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
}
