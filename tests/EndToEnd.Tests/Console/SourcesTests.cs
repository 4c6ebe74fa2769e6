using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>The owner's story: a source seen before it is kept, what it could not read, and why one is silent.</summary>
public sealed class SourcesTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Add_ByKeysWithFirstLinesLive_IsStoredOnlyOnceItIsKept()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/sources");
        await page.Locator(".first-line").WaitForAsync();
        await Screens.TakeAsync(page, "sources-empty");
        await page.PressAsync("n", page.Locator("#is-firewall:focus"));
        await page.AtAsync("**view=add*");
        await page.Locator("[data-trial=Running]").WaitForAsync();
        await page.PressAsync("ArrowDown", page.Locator("#is-linux:focus"));
        var port = BeaconProcess.FreePort();
        await page.FocusAsync("#src-name");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("Bastion 7");
        await page.FillAsync("#src-id", "bastion-7");
        await page.FillAsync("#src-port", port.ToString(CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("Tab");
        await page.Locator($"[data-trial=Running]:has-text(':{port}')").WaitForAsync();
        await SendAsync(port, House.Sshd("bas-07", "Accepted password for anna from 10.20.4.22 port 41888 ssh2"), "<13>\u202Ehostile heartbeat");
        await page.Locator("[data-read='2']").WaitForAsync();
        Assert.Equal(2, await page.Locator("[data-line=read]").CountAsync());
        Assert.Equal(1, await page.Locator(".ln .bidi").CountAsync());
        await Screens.TakeAsync(page, "sources-add");
        // Seen, and yet nowhere.
        Assert.Null(Service("bastion-7"));
        Assert.Equal(0, await CountAsync("beacon.source:\"bastion-7\""));

        await page.FocusAsync("#src-name");
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("**source=bastion-7*");
        await page.Locator("[data-source='bastion-7'] [data-received='2'][data-balances=true]").WaitForAsync();
        Assert.Equal(2, await CountAsync("beacon.source:\"bastion-7\""));
        await SendAsync(port, House.Sshd("bas-07", "Accepted password for anna from 10.20.4.22 port 41889 ssh2"));
        await page.Locator("[data-source='bastion-7'] [data-received='3'][data-balances=true]").WaitForAsync();
        var trail = await House.Services.GetRequiredService<Beacon.Alerting.Audit.IAuditTrail>().QueryAsync(new() { Action = "source.add", Limit = 5 }, TestContext.Current.CancellationToken);
        Assert.Equal((Person, "source:bastion-7"), (trail[0].Actor, trail[0].Object));

        // The address holds what is looked at, and back works.
        await page.ClickAsync("[data-source=http] .row-link");
        await page.AtAsync("**source=http*");
        await page.PressAsync("w", page.Locator("[data-cadence=week]"));
        await page.GoBackAsync();
        await page.Locator("tr.sel[data-source='bastion-7']").WaitForAsync();
        faults.AssertNone("sources");
    }

    [Fact]
    public async Task Add_CancelledTrial_ForgetsItsLines()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/sources?view=add");
        await page.Locator("[data-trial=Running]").WaitForAsync();
        var port = BeaconProcess.FreePort();
        await page.FillAsync("#src-port", port.ToString(CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("Tab");
        await page.Locator($"[data-trial=Running]:has-text(':{port}')").WaitForAsync();
        await SendAsync(port, "<13>one", "<13>two");
        await page.Locator("[data-read='2']").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".src-form").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Wait.UntilAsync(() => Task.FromResult(IsFree(port)), "the port being free again");
        Assert.Equal(0, await CountAsync("beacon.source:\"firewall\""));
    }

    [Fact]
    public async Task Quarantine_LookedAtReadAgainAndDeleted_IsCountedAndOnRecord()
    {
        using var sender = House.Client(await House.KeyAsync(ApiScopes.Ingest));
        using var sent = await sender.PostAsync(new Uri("/ingest/http", UriKind.Relative), new StringContent("{\"message\": broken}\n{\"message\":\"whole\"}\n", Encoding.UTF8, "application/x-ndjson"));
        Assert.True(sent.IsSuccessStatusCode);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/sources?source=http");
        await page.Locator("tr[data-source=http][data-mark=Unread] [data-received='2'][data-balances=true]").WaitForAsync();
        await page.PressAsync("q", page.Locator("[data-quarantine=http]"));
        await page.AtAsync("**view=quarantine*");
        await page.ClickAsync("[data-frame] .q-open");
        await page.Locator("[data-frame] pre:has-text('broken')").WaitForAsync();
        await Screens.TakeAsync(page, "sources-quarantine");
        // Today's parsers can't read it either: it stays.
        await page.ClickAsync("[data-act=replay]");
        await page.Locator(".sec[role=status] .note").WaitForAsync();
        await Wait.UntilAsync(async () => (await House.Services.GetRequiredService<Beacon.Collectors.Quarantine.FrameQuarantine>().ListAsync("http", null, 10, default)) is [{ Replaying: false }], "the frame back in quarantine");
        await page.OpenAsync(House.Address + "/sources?source=http&view=quarantine");
        await page.ClickAsync("[data-frame] .q-open");
        await page.ClickAsync("[data-act=delete]");
        await page.FillAsync("#ask-reason", "the sender is mended");
        await page.Locator("[role=dialog] button[type=submit]").ClickAsync();
        await page.Locator("[data-frame]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("tr[data-source=http][data-mark=Loses] [data-balances=true]").WaitForAsync();
        var trail = await House.Services.GetRequiredService<Beacon.Alerting.Audit.IAuditTrail>().QueryAsync(new() { Action = "quarantine.delete", Limit = 5 }, TestContext.Current.CancellationToken);
        Assert.Equal((Person, "the sender is mended"), (trail.Single().Actor, trail.Single().Reason));
        faults.AssertNone("quarantine");
    }

    [Theory]
    [InlineData("en", "dark")]
    [InlineData("zh-Hans", "light")]
    public async Task Silence_OfASourceThatStopped_IsExplained(string language, string theme)
    {
        await SilenceAsync();
        await using var context = await Browser.ContextAsync(language: language);
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        if (theme == "light") await page.EvaluateAsync("beacon.theme('light')");
        await page.OpenAsync(House.Address + "/sources?source=syslog-tcp");
        await page.Locator("tr[data-source=syslog-tcp][data-mark=Silent]").WaitForAsync();
        await page.Locator("[data-silence=syslog-tcp] [data-reason=Closed]").WaitForAsync();
        await page.Locator("[data-silence=syslog-tcp] [data-reason=AtOnce]").WaitForAsync();
        Assert.True(await page.Locator(".cad .usual").CountAsync() > 20);
        await Screens.TakeAsync(page, $"sources-silent-{theme}-{language}");
        await page.PressAsync("w", page.Locator("[data-cadence=week]"));
        await Screens.TakeAsync(page, $"sources-week-{theme}-{language}");

        // Announced with a reason it is no fault any more, until it is watched again.
        await page.PressAsync("x", page.Locator("#ask-choice:focus"));
        await page.FillAsync("#ask-reason", "pump revision");
        await page.FocusAsync("#ask-reason");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("tr[data-source=syslog-tcp][data-mark=Expected] [data-state=Paused]").WaitForAsync();
        await page.Locator("[data-announced]:has-text('pump revision')").WaitForAsync();
        await page.Locator("[data-silence=syslog-tcp] [data-blind]").WaitForAsync();
        await Screens.TakeAsync(page, $"sources-expected-{theme}-{language}");
        await page.PressAsync("x", page.Locator("tr[data-source=syslog-tcp][data-mark=Silent]"));
        var trail = await House.Services.GetRequiredService<Beacon.Alerting.Audit.IAuditTrail>().QueryAsync(new() { Action = "source.expect-silence", Limit = 5 }, TestContext.Current.CancellationToken);
        Assert.Equal((Person, "pump revision"), (trail.Single().Actor, trail.Single().Reason));
        faults.AssertNone("silence");
    }

    /// <summary>Eight days of a line every two seconds, and none for twenty-four minutes, as the books would have it.</summary>
    private async Task SilenceAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var last = StateTime.ToMicroseconds(now.AddMinutes(-24));
        var weights = Enumerable.Range(0, 48).Select(i => i == 2 ? 600_000.0 : 0).Select(w => w.ToString("R", CultureInfo.InvariantCulture));
        await House.Services.GetRequiredService<IStateDatabase>().WriteAsync(tx =>
        {
            tx.Execute("INSERT INTO collector_activity(source, first_received, last_received, received, gaps) VALUES (@p0, @p1, @p2, @p3, @p4)", "syslog-tcp", StateTime.ToMicroseconds(now.AddDays(-8)), last, 345_600L, "300000;" + string.Join(';', weights));
            for (var minute = last / 60_000_000; minute > last / 60_000_000 - 8 * 1440; minute -= 10)
            {
                // Fewer by night.
                var count = 300L + minute / 60 % 24 * 20;
                tx.Execute("INSERT INTO collector_ledger(source, minute, received, stored, quarantined, dropped) VALUES (@p0, @p1, @p2, @p2, 0, 0)", "syslog-tcp", minute, count);
            }
            return 0;
        }, TestContext.Current.CancellationToken);
        await House.StopAsync();
        await House.StartAgainAsync();
    }

    private Beacon.Collectors.Sources.SourceDefinition? Service(string id) => House.Services.GetRequiredService<Beacon.Collectors.Sources.SourceService>().Find(id);

    private async Task<long> CountAsync(string query) =>
        (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/events/count?q=" + Uri.EscapeDataString(query), UriKind.Relative)))!["count"]!.GetValue<long>();

    private static async Task SendAsync(int port, params IEnumerable<string> lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
