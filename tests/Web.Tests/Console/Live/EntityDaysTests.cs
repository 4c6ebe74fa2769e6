using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.Web.Console.Pages.Live;
using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console.Live;

public sealed class EntityDaysTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Kathmandu = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu");

    private readonly BunitContext _page = new();

    public EntityDaysTests() => _page.Services.AddLogging().AddLocalization().AddSingleton(TimeProvider.System).AddSingleton<Viewer>();

    public void Dispose() => _page.Dispose();

    private static AlertSpan Span(string start, long alerts, Severity worst) => new(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture), alerts, worst);

    [Fact]
    public void Of_Spans_AreDaysOfTheViewersZone()
    {
        // Half past eleven in the evening of UTC is another day in Berlin, and the night of the 29th is an hour short there.
        var days = EntityDay.Of([Span("2026-03-28T22:45Z", 2, Severity.Low), Span("2026-03-28T23:30Z", 3, Severity.High), Span("2026-03-29T21:45Z", 1, Severity.Low), Span("2026-03-29T22:00Z", 4, Severity.Medium)], Now, Berlin);
        Assert.Equal(EntityDay.Most, days.Count);
        Assert.Equal(new DateOnly(2026, 3, 1), days[0].Day);
        Assert.Equal([new(new DateOnly(2026, 3, 28), 2, Severity.Low), new(new DateOnly(2026, 3, 29), 4, Severity.High), new EntityDay(new DateOnly(2026, 3, 30), 4, Severity.Medium)], days.TakeLast(3));
        Assert.All(days.SkipLast(3), static d => Assert.Equal((0, null), (d.Alerts, d.Worst)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-02-28T23:00:00Z")]
    [InlineData("Asia/Kathmandu", "2026-02-28T18:15:00Z")]
    public void Since_FirstDay_BeginsAtItsMidnightOnAQuarter(string zone, string since)
    {
        Assert.Equal(DateTimeOffset.Parse(since, System.Globalization.CultureInfo.InvariantCulture), EntityDay.Since(Now, TimeZoneInfo.FindSystemTimeZoneById(zone)));
        Assert.Equal(0, EntityDay.Since(Now, Kathmandu).Ticks % AlertSpan.Length.Ticks);
    }

    [Fact]
    public void Render_Days_DrawsABarForEachThatHasAnyAndSaysItInWords()
    {
        var drawn = _page.Render<EntityDays>(p => p.Add(d => d.Days, EntityDay.Of([Span("2026-03-10T10:00Z", 40, Severity.Low), Span("2026-03-30T08:00Z", 1, Severity.Critical)], Now, TimeZoneInfo.Utc)));
        Assert.Equal(["2026-03-10", "2026-03-30"], drawn.FindAll("[data-day]").Select(d => d.GetAttribute("data-day")));
        // The bar, and beneath it as many marks as the severity has.
        Assert.Equal([1 + 1, 1 + 4], drawn.FindAll("[data-day]").Select(d => d.QuerySelectorAll("rect.day").Length));
        Assert.Equal(["38", "3"], drawn.FindAll("[data-day]").Select(d => d.QuerySelector("rect.day")!.GetAttribute("height")));
        Assert.Equal("The last 30 days: 41 alerts on 2 days, most on 10 Mar with 40, worst critical.", drawn.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void Render_NothingInThirtyDays_SaysSo()
    {
        var drawn = _page.Render<EntityDays>(p => p.Add(d => d.Days, EntityDay.Of([], Now, TimeZoneInfo.Utc)));
        Assert.Empty(drawn.FindAll("[data-day]"));
        Assert.Contains("no alert in 30 days", drawn.Find("figcaption").TextContent, StringComparison.Ordinal);
    }
}
