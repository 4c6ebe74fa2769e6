using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Beacon.Alerting;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.FirstHour;

/// <summary>What a person does in the first hour, from an empty folder to the report of an incident, in a browser; each step with its time.</summary>
public sealed class FirstHourTests(Browser browser)
{
    private const string Person = "ingrid", Approver = "olav", Attacker = "203.0.113.47";

    private readonly Stopwatch _all = Stopwatch.StartNew();
    private readonly Stopwatch _step = Stopwatch.StartNew();
    private readonly StringBuilder _times = new();

    [Fact]
    public async Task FirstHour_FromAnEmptyFolderToTheReport()
    {
        await using var house = await House.StartAsync();
        var token = await house.Services.GetRequiredService<SetupToken>().CreateAsync();
        Took("started on an empty folder");
        await using var context = await browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);

        await page.GotoAsync($"{house.Address}/setup/{token}");
        await page.FillAsync("#name", Person);
        await page.FillAsync("#password", House.Password);
        await page.FillAsync("#again", House.Password);
        await page.ClickAsync("button.primary");
        await page.AtAsync("**/sources");
        await page.ReadyAsync();
        Took("set up: the first account");

        var port = await AddSourceAsync(page);
        Took("a source added, its first line seen before it was kept");

        await page.OpenAsync(house.Address + "/assets");
        await page.PressAsync("i", page.Locator("#as-csv"));
        await page.SetInputFilesAsync("#as-file", new FilePayload { Name = "assets.csv", MimeType = "text/csv", Buffer = "id,name,names,importance,owner,zone\nbas-01,Bastion,10.20.0.5,especially-important,Network team,dmz\nplc-1,Pump 1,10.30.3.11,especially-important,Pump station,ot-cell-1\n"u8.ToArray() });
        await page.Locator("[data-added]:text-is('2')").WaitForAsync();
        await page.ClickAsync("[data-report] .btn.primary");
        await page.Locator("[data-asset='bas-01']").WaitForAsync();
        Took("assets imported");

        await SwitchPacksAsync(page, house);
        Took("rule packs switched on");

        await SendAsync(port, [.. Enumerable.Range(0, 20).Select(i => House.Sshd("bas-01", $"Failed password for root from {Attacker} port {41_000 + i} ssh2")),
            House.Sshd("bas-01", $"Accepted password for root from {Attacker} port 41888 ssh2"), House.Sshd("bas-01", "pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)")]);
        await page.OpenAsync(house.Address + "/warnings");
        await page.Locator("[data-warning]").First.WaitForAsync();
        Took("attacked by syslog over TCP, and warned");

        var incident = await WarningAsync(page);
        Took("warning issued and acknowledged");

        await house.PersonAsync(Approver, RoleNames.Supervisor, RoleNames.Responder);
        await PlaybookAsync(page, house, incident);
        Took("playbook started, its steps done");

        await page.OpenAsync($"{house.Address}/incidents/{incident}?tab=report");
        await page.ClickAsync("[data-form=md]");
        await page.ClickAsync("[data-act=write-report]");
        await page.Locator("[data-act=save-report]").WaitForAsync();
        var saved = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("[data-act=save-report]"));
        var report = await File.ReadAllTextAsync(await saved.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Contains(Attacker, report, StringComparison.Ordinal);
        Assert.Contains("bas-01", report, StringComparison.Ordinal);
        Assert.Contains("done in the first hour", report, StringComparison.Ordinal);
        Took("report saved and read");

        await page.OpenAsync(house.Address + "/sources?source=bastion");
        await page.Locator("[data-source=bastion] [data-balances=true]").WaitForAsync();
        await Screens.TakeAsync(page, "first-hour-sources");
        faults.AssertNone("the first hour");
        _times.Append(CultureInfo.InvariantCulture, $"{_all.Elapsed.TotalSeconds,7:0.0} s  in all");
        TestContext.Current.TestOutputHelper!.WriteLine(_times.ToString());
    }

    private static async Task<int> AddSourceAsync(IPage page)
    {
        var port = BeaconProcess.FreePort();
        await page.PressAsync("n", page.Locator("#is-firewall"));
        await page.CheckAsync("#is-linux");
        await page.FillAsync("#src-name", "Bastion");
        await page.FillAsync("#src-id", "bastion");
        await page.FillAsync("#src-port", port.ToString(CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("Tab");
        await page.Locator($"[data-trial=Running]:has-text(':{port}')").WaitForAsync();
        await SendAsync(port, [House.Sshd("bas-01", "Server listening on 0.0.0.0 port 22.")]);
        await page.Locator("[data-read='1']").WaitForAsync();
        await page.ClickAsync("#src-keep");
        await page.Locator("[data-source=bastion] [data-received='1'][data-balances=true]").WaitForAsync();
        return port;
    }

    private static async Task SwitchPacksAsync(IPage page, House house)
    {
        await page.OpenAsync(house.Address + "/rules");
        await page.Locator("[data-pack] input").First.WaitForAsync();
        var packs = await page.Locator("[data-pack]").EvaluateAllAsync<string[]>("all => all.map(p => p.dataset.pack)");
        // A pack that is on is taken off and put on again: both ask first.
        var first = packs[0];
        if (await page.Locator($"[data-pack='{first}'] input").IsCheckedAsync()) await SwitchAsync(first, on: false);
        foreach (var pack in packs)
            if (!await page.Locator($"[data-pack='{pack}'] input").IsCheckedAsync()) await SwitchAsync(pack, on: true);

        async Task SwitchAsync(string pack, bool on)
        {
            await page.ClickAsync($"[data-pack='{pack}'] input");
            await page.Locator("#ask-reason, #ask-confirm").First.WaitForAsync();
            if (await page.Locator("#ask-reason").CountAsync() > 0) await page.FillAsync("#ask-reason", "the first hour");
            await page.ClickAsync("#ask-confirm");
            await page.Locator("[role=dialog]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            await Wait.UntilAsync(async () => await page.Locator($"[data-pack='{pack}'] input").IsCheckedAsync() == on, $"pack {pack} {(on ? "on" : "off")}");
        }
    }

    private static async Task<string> WarningAsync(IPage page)
    {
        await page.ClickAsync("[data-warning]");
        await page.Locator("[data-detail] [data-why]").WaitForAsync();
        if (await page.Locator($"[data-ack={Person}]").CountAsync() == 0)
        {
            if (await page.Locator("[data-detail] .life li.now").First.EvaluateAsync<bool>("now => now === now.parentElement.firstElementChild"))
            {
                await page.PressAsync("y", page.Locator("#ask-reason"));
                await page.FillAsync("#ask-reason", "seen in the log");
                await page.ClickAsync("#ask-confirm");
                await page.Locator("[role=dialog]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            }
            await page.PressAsync("a", page.Locator($"[data-ack={Person}]"));
        }
        var link = await page.Locator("[data-detail] a[href^='/incidents/']").First.GetAttributeAsync("href");
        return link!["/incidents/".Length..];
    }

    private async Task PlaybookAsync(IPage page, House house, string incident)
    {
        await page.OpenAsync($"{house.Address}/incidents/{incident}");
        await page.Locator("[data-start]").First.WaitForAsync();
        await page.PressAsync("p", page.Locator("[data-start-question]"));
        await page.PressAsync("Enter", page.Locator("[data-run][data-run-status=Running]"));
        await using var elsewhere = await browser.ContextAsync();
        var approver = await elsewhere.NewPageAsync();
        await approver.SignInAsync(house, Approver);
        for (var turns = 0; await page.Locator("[data-run-over]").CountAsync() == 0; turns++)
        {
            Assert.True(turns < 40, "the playbook does not end");
            // What runs by itself is waited for; what a person has to do is done.
            var step = page.Locator("[data-current][data-step-status=WaitingForPerson], [data-current][data-step-status=NeedsPerson], [data-current][data-step-status=WaitingForApproval], [data-run-over]").First;
            await step.WaitForAsync();
            if (await page.Locator("[data-run-over]").CountAsync() > 0) break;
            var (id, status) = (await step.GetAttributeAsync("data-current"), await step.GetAttributeAsync("data-step-status"));
            if (status == "WaitingForApproval")
            {
                await approver.OpenAsync($"{house.Address}/incidents/{incident}?step={id}");
                await approver.Locator("[data-answer=approve]").First.ClickAsync();
                await approver.Locator("[role=dialog] button[type=submit]").ClickAsync();
            }
            else
            {
                foreach (var choice in await page.Locator("[data-current] select").AllAsync()) await choice.SelectOptionAsync("false");
                await page.FillAsync("#note", "done in the first hour");
                await page.ClickAsync("[data-answer=done]");
            }
            await page.Locator($"[data-run-over], [data-current]:not([data-current='{id}']), [data-current]:not([data-step-status={status}])").First.WaitForAsync();
        }
        await page.Locator("[data-run-over=Completed]").WaitForAsync();
    }

    private static async Task SendAsync(int port, IReadOnlyList<string> lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private void Took(string what)
    {
        _times.AppendLine(CultureInfo.InvariantCulture, $"{_step.Elapsed.TotalSeconds,7:0.0} s  {what}");
        _step.Restart();
    }
}
