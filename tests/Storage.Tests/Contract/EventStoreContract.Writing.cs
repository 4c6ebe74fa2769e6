using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>What is written comes back, once.</summary>
public abstract partial class EventStoreContract
{
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
}
