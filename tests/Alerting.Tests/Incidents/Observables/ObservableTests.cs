using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Observables;

namespace Beacon.Alerting.Tests.Incidents.Observables;

public sealed class ObservableTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    [Theory]
    [InlineData("beacon to 203.0.113[.]47 seen", ObservableKind.Ipv4, "203.0.113.47")]
    [InlineData("from 2001:DB8::17, again", ObservableKind.Ipv6, "2001:db8::17")]
    [InlineData("hxxps://evil[.]example[.]org/a?b=1.", ObservableKind.Url, "https://evil.example.org/a?b=1")]
    [InlineData("hxxp[://]evil.example.org/x", ObservableKind.Domain, "evil.example.org")]
    [InlineData("mail Bob[@]Evil[dot]Example", ObservableKind.Email, "bob@evil.example")]
    [InlineData("md5 D41D8CD98F00B204E9800998ECF8427E", ObservableKind.Hash, "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData(@"ran C:\Users\Public\a.exe now", ObservableKind.FilePath, @"C:\Users\Public\a.exe now")]
    [InlineData("wrote /etc/cron.d/x, then", ObservableKind.FilePath, "/etc/cron.d/x")]
    [InlineData("through cve-2024-12345", ObservableKind.Cve, "CVE-2024-12345")]
    public void Find_Named_IsFound(string text, ObservableKind kind, string value) =>
        Assert.Contains(ObservableExtractor.Find(text), f => f.Kind == kind && (f.Value == value || (kind == ObservableKind.FilePath && value.StartsWith(f.Value, StringComparison.Ordinal))));

    [Theory]
    [InlineData("version 1.2.3 at 12:30:45 ran powershell.exe")]
    [InlineData("999.1.1.1 and abcdef0123")]
    [InlineData("300 tasks: done")]
    public void Find_NothingThatIsOne_FindsNothing(string text) => Assert.Empty(ObservableExtractor.Find(text));

    [Fact]
    public void Find_HugeHostileText_IsBounded() => Assert.InRange(ObservableExtractor.Find(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i}.example.org {new string('a', 20)}[.] "))).Count, 1, ObservableExtractor.MaxFound);

    [Fact]
    public async Task TickAsync_NoteNamesAnAddress_IsFoundInEveryIncidentAndMarked()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(host: "a-1"), Detections.Of(host: "b-2"));
        var ids = (await house.Incidents.ListAsync(new IncidentQuery())).Items.Select(i => i.Id).ToList();
        foreach (var id in ids) await house.Incidents.AddNoteAsync(id, "talks to 203.0.113[.]47", Ann);
        var book = house.Get<ObservableBook>();
        await book.TickAsync(TestContext.Current.CancellationToken);
        await book.TickAsync(TestContext.Current.CancellationToken);
        var found = await book.ListAsync(null, "203[.]0.113.47", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(ids.Order(), found.Select(f => f.IncidentId).Order());
        Assert.Equal(RefusalKind.Invalid, (await book.MarkAsync(found[0].Id, 1, ObservableMark.Indicator, Ann, "", TestContext.Current.CancellationToken)).Refusal!.Kind);
        Assert.Equal(ObservableMark.Indicator, (await book.MarkAsync(found[0].Id, 1, ObservableMark.Indicator, Ann, "C2", TestContext.Current.CancellationToken)).Value!.Mark);
        Assert.Equal(RefusalKind.Conflict, (await book.MarkAsync(found[0].Id, 1, ObservableMark.Ignored, Ann, "no", TestContext.Current.CancellationToken)).Refusal!.Kind);
        Assert.Single(await book.ListAsync(ids[0], null, cancellation: TestContext.Current.CancellationToken), o => o.Kind == ObservableKind.Ipv4);
    }
}
