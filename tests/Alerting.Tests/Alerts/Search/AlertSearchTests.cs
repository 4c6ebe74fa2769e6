using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Search;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts.Search;

public sealed class AlertSearchTests
{
    private static async Task<string> FoundAsync(TestHouse house, string text, Func<AlertQuery, AlertQuery>? more = null)
    {
        var query = new AlertQuery { Text = text, Limit = 500 };
        var page = await house.Alerts.ListAsync(more is null ? query : more(query));
        Assert.Equal(page.Items.Count, page.Total);
        Assert.False(page.AtLeast);
        return string.Join(' ', page.Items.Select(a => a.Entity.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mssql", "MSSQL-01 mssql-02")]
    [InlineData("SQL-0", "MSSQL-01 mssql-02 sql-0\"x")]
    [InlineData("l-01", "MSSQL-01")]
    [InlineData("-0", "MSSQL-01 mssql-02 sql-0\"x")]
    [InlineData("z", "z%y_q z'; --")]
    [InlineData("zz", "")]
    [InlineData("%", "z%y_q")]
    [InlineData("y_q", "z%y_q")]
    [InlineData("y.q", "")]
    [InlineData("0\"", "sql-0\"x")]
    [InlineData("\"x", "sql-0\"x")]
    [InlineData("'; -", "z'; --")]
    [InlineData("勒索", "勒索-主机")]
    [InlineData("索", "勒索-主机")]
    [InlineData("勒索-主", "勒索-主机")]
    [InlineData("😀b", "a😀b")]
    [InlineData("a AND b", "")]
    [InlineData("title of r", "MSSQL-01 a😀b mssql-02 sql-0\"x z%y_q z'; -- 勒索-主机")]
    [InlineData("mssql-0203", "")]
    [InlineData("mssql  02", "")]
    public async Task List_Text_FindsWhatHoldsIt(string text, string found)
    {
        using var house = new TestHouse();
        await house.TakeAsync([.. new[] { "MSSQL-01", "mssql-02", "sql-0\"x", "z%y_q", "z'; --", "勒索-主机", "a😀b" }.Select(h => Detections.Of(rule: "r", host: h, severity: Severity.Low, summary: ""))]);
        Assert.Equal(found, await FoundAsync(house, text));
        Assert.Equal(found, await FoundAsync(house, text, q => q with { RuleId = "r" }));
        Assert.Equal(found, await FoundAsync(house, text, q => q with { Order = AlertOrder.Newest, Statuses = [AlertStatus.New] }));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("a\0b")]
    [InlineData("\uD800")]
    [InlineData("x\uFFFDy")]
    [InlineData("\" OR \"")]
    public async Task List_HostileText_FindsNothingAndBreaksNothing(string text)
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(host: "a", severity: Severity.Low));
        Assert.Empty((await house.Alerts.ListAsync(new AlertQuery { Text = text })).Items);
    }

    [Fact]
    public async Task List_TextLongerThanItMayBe_IsCutAndStillFound()
    {
        using var house = new TestHouse();
        var host = new string('x', AlertSearch.MaxText) + "yz";
        await house.TakeAsync(Detections.Of(host: host, severity: Severity.Low));
        Assert.Equal(host, await FoundAsync(house, host));
        Assert.Equal(host, await FoundAsync(house, host[..^2] + "somethingelse"));
    }

    [Fact]
    public async Task List_TextOfAChangedTitle_FindsTheNewAndNotTheOld()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(host: "web-7", severity: Severity.Low));
        await house.Database.WriteAsync(t => t.Execute("UPDATE alerting_alerts SET title = 'ransom note', rule_title = 'other'"));
        Assert.Equal("web-7", await FoundAsync(house, "ransom"));
        Assert.Equal("", await FoundAsync(house, "title of"));
        await house.Database.WriteAsync(t => t.Execute("DELETE FROM alerting_alerts"));
        Assert.Equal("", await FoundAsync(house, "ransom"));
    }

    [Fact]
    public async Task List_MoreThanAreCounted_SaysAtLeast()
    {
        using var house = new TestHouse(o => o.AlertsPerRule = 1_000);
        await house.TakeAsync([.. Enumerable.Range(0, 1_000).Select(n => Detections.Of(rule: "common", host: "host-" + n, severity: Severity.Low)), Detections.Of(rule: "once", host: "needle", severity: Severity.Low)]);
        await AlertCopies.MakeAsync(house.Database, AlertSearch.Most + 3_000, TestContext.Current.CancellationToken);
        var page = await house.Alerts.ListAsync(new AlertQuery { Text = "common", Limit = 10, Shelved = null });
        Assert.Equal((10, (long)AlertSearch.Most, true), (page.Items.Count, page.Total, page.AtLeast));
        page = await house.Alerts.ListAsync(new AlertQuery { Text = "common", Limit = 10, Offset = 6_000, Shelved = null });
        Assert.Equal((10, 6_010, true), (page.Items.Count, page.Total, page.AtLeast));
        var rare = await house.Alerts.ListAsync(new AlertQuery { Text = "host-777", Limit = 500, Shelved = null });
        Assert.Equal((rare.Items.Count, false), ((int)rare.Total, rare.AtLeast));
        Assert.InRange(rare.Total, 5, 20);
        Assert.All(rare.Items, a => Assert.Contains("host-777", a.Entity.Value, StringComparison.Ordinal));
        Assert.Equal(rare.Items.OrderByDescending(a => a.Urgency.Score).Select(a => a.Urgency.Score), rare.Items.Select(a => a.Urgency.Score));
    }

    [Fact]
    public async Task List_NeitherRareNorCommon_ComesInTheListsOrderWhole()
    {
        using var house = new TestHouse(o => o.AlertsPerRule = 1_000);
        await house.TakeAsync([.. Enumerable.Range(0, 1_000).Select(n => Detections.Of(rule: n % 4 == 0 ? "fourth" : "other", host: "host-" + n, severity: Severity.Low))]);
        await AlertCopies.MakeAsync(house.Database, 5 * AlertSearch.Most, TestContext.Current.CancellationToken);
        var all = new List<long>();
        for (var offset = 0; ; offset += 500)
        {
            var page = await house.Alerts.ListAsync(new AlertQuery { Text = "of fourth", Limit = 500, Offset = offset, Shelved = null });
            Assert.All(page.Items, a => Assert.Contains("fourth", a.Title, StringComparison.Ordinal));
            all.AddRange(page.Items.Select(a => a.Id));
            if (page.Items.Count < 500) break;
        }
        var wanted = await house.Database.ReadAsync(c => c.Query("SELECT id FROM alerting_alerts WHERE rule_id LIKE '%fourth%' ORDER BY score DESC, last_seen DESC, id DESC", r => r.GetInt64(0)));
        Assert.True(wanted.Count > AlertSearch.Most, $"{wanted.Count} alerts");
        Assert.Equal(wanted, all);
    }

    [Fact]
    public async Task Steps_OverAlertsThatWereThere_IndexThemToo()
    {
        using var house = new TestHouse();
        if (!await house.Database.ReadAsync(c => c.IsSqlite())) Assert.Skip("PostgreSQL builds its index over what is there by itself");
        await house.TakeAsync(Detections.Of(host: "before-it", severity: Severity.Low));
        await house.Database.WriteAsync(t =>
        {
            foreach (var name in new[] { "new", "changed", "gone" }) t.Execute($"DROP TRIGGER alerting_alerts_text_{name}");
            t.Execute("DROP TABLE alerting_alert_text_terms; DROP TABLE alerting_alert_text");
            return t.Execute(AlertTextSchema.Schema.Steps[0]);
        });
        Assert.Equal("before-it", await FoundAsync(house, "fore-i"));
    }

    [Fact]
    public async Task Steps_OnPostgres_MakeTheIndexWhereTheServerHasPgTrgm()
    {
        using var house = new TestHouse();
        if (await house.Database.ReadAsync(c => c.IsSqlite())) Assert.Skip("SQLite has an index of its own");
        var (had, made) = await house.Database.ReadAsync(c => (c.Scalar<long>("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"), c.Scalar<long>("SELECT count(*) FROM pg_indexes WHERE indexname = 'alerting_alerts_text' AND schemaname = ANY (current_schemas(false))")));
        Assert.Equal(had, made);
    }
}
