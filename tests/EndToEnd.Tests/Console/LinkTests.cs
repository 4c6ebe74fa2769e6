using Beacon.Alerting.Alerts;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>A link that is cut and mended while both ends stay up: it is said at once, and nothing is missing afterwards.</summary>
public sealed class LinkTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Console_LinkCutAndMended_SaysSoAndMissesNothing()
    {
        await using var relay = new Relay(House.Address);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(relay.Address + "/sign-in");
        await page.FillAsync("#name", Person);
        await page.FillAsync("#password", House.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.AtAsync("**/live");
        await page.ReadyAsync();
        await TakeAsync(1);
        await page.Locator("[data-alert]").WaitForAsync();
        // A mark on the window: a page that was loaded anew would have lost it.
        await page.EvaluateAsync("window.here = 1");

        relay.Cut();
        await page.Locator("#lost").WaitForAsync();
        await Screens.TakeAsync(page, "link-cut");
        for (var i = 2; i <= 5; i++) await TakeAsync(i);
        relay.Mend();
        await page.Locator("#lost").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Wait.UntilAsync(async () => await page.Locator("[data-alert]").CountAsync() == 5, "all five alerts");
        Assert.Equal(1, await page.EvaluateAsync<int>("window.here || 0"));
        await page.Locator("[data-back]").WaitForAsync();
        await Screens.TakeAsync(page, "link-mended");
        // It goes on by itself.
        await TakeAsync(6);
        await Wait.UntilAsync(async () => await page.Locator("[data-alert]").CountAsync() == 6, "the sixth alert");
    }

    [Fact]
    public async Task Hub_LinkCutAndMended_GoesOnBehindTheLastNumber()
    {
        await using var relay = new Relay(House.Address);
        var authorization = await House.KeyAsync(Beacon.Web.Security.ApiScopes.Read);
        var seen = new List<long>();
        await FollowAsync(0, () => TakeAsync(1), until: 1);
        relay.Cut();
        for (var i = 2; i <= 4; i++) await TakeAsync(i);
        relay.Mend();
        await FollowAsync(seen[^1], () => Task.CompletedTask, until: 4);
        Assert.Equal(seen.Distinct().Order(), seen);
        Assert.Equal(4, (await House.Services.GetRequiredService<IAlertService>().ListAsync(new AlertQuery(), TestContext.Current.CancellationToken)).Total);

        async Task FollowAsync(long after, Func<Task> begin, int until)
        {
            await using var hub = new HubConnectionBuilder().WithUrl(relay.Address + Beacon.Web.Live.BeaconHub.Path, http => http.Headers["Authorization"] = authorization).Build();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            stop.CancelAfter(Wait.Most);
            await hub.StartAsync(stop.Token);
            await using var changes = hub.StreamAsync<Beacon.Web.Live.ChangeMessage>("Follow", after, stop.Token).GetAsyncEnumerator(stop.Token);
            var next = changes.MoveNextAsync().AsTask();
            await begin();
            var alerts = seen.Count;
            while (alerts < until && await next)
            {
                if (changes.Current.Kind == "alert")
                {
                    seen.Add(changes.Current.Sequence);
                    alerts++;
                }
                if (alerts < until) next = changes.MoveNextAsync().AsTask();
            }
        }
    }

    private Task TakeAsync(int number) => House.Services.GetRequiredService<IDetectionSink>().CommitAsync([new Detection
    {
        Id = new DetectionId($"link-{number}"), RuleId = "rule-" + number, RuleTitle = "Rule " + number, RuleKind = "sigma", Severity = Severity.Low,
        Time = TimeProvider.System.GetUtcNow(), Received = TimeProvider.System.GetUtcNow(), Entity = Entity.Of(EntityKind.Host, "host-" + number),
    }], null, TestContext.Current.CancellationToken);
}
