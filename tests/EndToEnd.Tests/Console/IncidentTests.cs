using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Incidents;
using Beacon.EndToEnd.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>The responder's story: an incident worked on from its page, by two people, at a desk and on a phone.</summary>
public sealed class IncidentTests(Browser browser) : ConsoleTests(browser)
{
    private long _incident;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await House.PersonAsync("olav", RoleNames.Supervisor, RoleNames.Responder);
        _incident = await House.IncidentAsync(Api, await House.AttackAsync(Api));
    }

    [Fact]
    public async Task Edit_TwoPeopleAtOnce_LosesNothingOfEither()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        await page.PressAsync("e", page.Locator("#edit-name"));
        await page.FillAsync("#edit-name", "Root logged in on the bastion");
        await page.FillAsync("#edit-owner", Person);

        // Another field: it simply comes; the same field: both values stand until one is chosen.
        await ChangeAsync(new { severity = "Low", owner = Colleague, reason = "looked at it" });
        await page.Locator("[data-conflict=Owner]").WaitForAsync();
        Assert.Equal("Low", await page.Locator("#edit-severity").InputValueAsync());
        Assert.Equal("Root logged in on the bastion", await page.Locator("#edit-name").InputValueAsync());
        Assert.True(await page.Locator("[data-act=save]").IsDisabledAsync());
        await Screens.TakeAsync(page, "incident-conflict");
        await page.ClickAsync("[data-keep=Owner]");
        await page.ClickAsync("[data-act=save]");

        await page.Locator("#edit-name").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator($"[data-owner]:text-is('{Person}')").WaitForAsync();
        var now = (await Api.GetFromJsonAsync<JsonObject>(new Uri($"/api/v1/incidents/{_incident}", UriKind.Relative)))!["summary"]!;
        Assert.Equal(("Root logged in on the bastion", Person, "Low"), (now["title"]!.GetValue<string>(), now["owner"]!.GetValue<string>(), now["severity"]!.GetValue<string>()));
        faults.AssertNone("edit");
    }

    [Fact]
    public async Task List_FilteredInChinese_FindsTheTitleAsItIsSaid()
    {
        await using var context = await Browser.ContextAsync(language: "zh-Hans");
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/incidents");
        await page.Locator("[data-incident]").WaitForAsync();
        await page.PressAsync("/", page.Locator("#incident-filter:focus"));
        await page.Keyboard.TypeAsync("nothing like it");
        await page.Locator("[data-incident]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal("nothing like it", await page.InputValueAsync("#incident-filter"));
        await page.ClickAsync(".empty a.btn");
        await page.Locator("[data-incident]").WaitForAsync();
        Assert.Equal("", await page.InputValueAsync("#incident-filter"));
        await page.FillAsync("#incident-filter", "口令");
        await page.AtAsync("**q=*");
        await page.Locator("[data-incident]:has-text('口令')").WaitForAsync();
        await page.Locator("[data-incident] a").ClickAsync();
        // What was written in English when it happened.
        await page.Locator("[data-entry=Incident]:has-text('严重性')").ClickAsync();
        await page.Locator(".tl-one:has-text('opened because of')").WaitForAsync();
        faults.AssertNone("incidents in Chinese");
    }

    // A browser sends no form whose button is off, and the server puts it on a moment after the last letter.
    [Fact]
    public async Task Task_EnterBeforeTheServerSawTheLetters_IsAddedOnce()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        await page.PressAsync("3", page.Locator("[data-shown=tasks] [data-act=add-task]:disabled"));
        await page.Locator(".tl-bar input.field.grow").EvaluateAsync("""
            field => {
              field.focus();
              field.value = "Ring the plant";
              field.dispatchEvent(new Event("input", { bubbles: true }));
              field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            }
            """);
        await page.Locator("[data-task]:has-text('Ring the plant')").WaitForAsync();
        Assert.Equal("", await page.InputValueAsync(".tl-bar input.field.grow"));
        Assert.Equal(1, await page.Locator("[data-task]:has-text('Ring the plant')").CountAsync());
    }

    [Fact]
    public async Task Timeline_Printed_IsWholeOnPaper()
    {
        for (var i = 0; i < 150; i++) await House.Services.GetRequiredService<IIncidentService>().AddNoteAsync(_incident, "note " + i, new Actor(Person, [RoleNames.Responder]), TestContext.Current.CancellationToken);
        await using var context = await Browser.ContextAsync();
        await context.AddInitScriptAsync("window.print = () => document.body.dataset.printed = document.querySelectorAll('[data-entry]').length");
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        await page.Locator("[data-entry]").First.WaitForAsync();
        Assert.True(await page.Locator("[data-entry]").CountAsync() < 100);
        await page.ClickAsync(".tl-bar [data-act=print]");
        await page.Locator("body[data-printed]").WaitForAsync();
        var entries = (await House.Services.GetRequiredService<IIncidentService>().TimelineAsync(_incident, 0, 1_000, TestContext.Current.CancellationToken)).Count;
        Assert.Equal(entries.ToString(System.Globalization.CultureInfo.InvariantCulture), await page.Locator("body").GetAttributeAsync("data-printed"));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.GetByText("note 0", new() { Exact = true }).WaitForAsync();
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollHeight") > 150 * 20);
        await Screens.TakeAsync(page, "incident-print");
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await page.ClickAsync("[data-printing] button");
        await page.Locator("[data-printing]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        faults.AssertNone("print");
    }

    [Fact]
    public async Task Evidence_FileAndPhoto_AreKeptWithTheirHashAndCustody()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}?tab=evidence");
        var content = Encoding.UTF8.GetBytes("Accepted password for root from 203.0.113.47\n");
        await page.FillAsync(".tl-bar input.field", "Log of the bastion");
        await page.Locator("#ev-files").SetInputFilesAsync(new FilePayload { Name = "auth.log", MimeType = "text/plain", Buffer = content });
        var kept = page.Locator("[data-upload=Kept]");
        await kept.WaitForAsync();
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(content)), await kept.InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#ev-photo").SetInputFilesAsync(new FilePayload { Name = "racks.jpg", MimeType = "image/jpeg", Buffer = [0xff, 0xd8, 0xff, 0xe0, 0, 1, 2] });
        await page.Locator("[data-evidence='racks.jpg']").WaitForAsync();

        await page.ClickAsync("[data-evidence='auth.log']");
        await page.ClickAsync("[data-act=view]");
        await page.Locator("[data-evidence-text]:has-text('203.0.113.47')").WaitForAsync();
        await page.Locator("[data-custody=Viewed]").WaitForAsync();
        var saved = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync(".ev-one a[download]"));
        Assert.Equal(content, await File.ReadAllBytesAsync(await saved.PathAsync()));
        await Screens.TakeAsync(page, "incident-evidence");
        faults.AssertNone("evidence");
    }

    [Fact]
    public async Task Work_CommentsTasksTieAndHandOver_ReachTheOtherPerson()
    {
        await House.SyslogAsync(House.Sshd("gw-02", "Accepted password for root from 198.51.100.9 port 41888 ssh2"));
        var other = await House.IncidentAsync(Api, await Wait.ForAsync(() => House.AlertAsync(Api, "gw-02"), "the other alert"));
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        await page.FillAsync(".tl-bar input.field", "<b>Seen</b> on the bastion");
        await page.ClickAsync("[data-act=comment]");
        await page.Locator("[data-entry=Comment]:has-text('<b>Seen</b> on the bastion')").ClickAsync();
        await page.ClickAsync("[data-act=edit-comment]");
        await page.FillAsync(".tl-one textarea", "Seen on the bastion and on the gateway");
        await page.ClickAsync("[data-act=save-comment]");
        await page.Locator(".tl-one:has-text('and on the gateway')").WaitForAsync();
        await page.ClickAsync("[data-group=facts]");
        await page.AtAsync("**show=facts*");
        await page.Locator("[data-entry=Comment]").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await page.PressAsync("3", page.Locator("[data-shown=tasks]"));
        await page.FillAsync(".tl-bar input.field.grow", "Ask the operator of bas-01");
        await page.ClickAsync("[data-act=add-task]");
        await page.Locator("[data-task]:has-text('Ask the operator') input").CheckAsync();
        await page.Locator("[data-task][data-done=True], [data-task][data-done]:has-text('Ask the operator')").First.WaitForAsync();

        await page.ClickAsync("[data-tab=related]");
        await page.Locator("select.grow").SelectOptionAsync(other.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await page.FillAsync(".sec .row input.grow", "same hour, same account");
        await page.ClickAsync("[data-act=join]");
        await page.Locator("[data-related]").WaitForAsync();
        Assert.NotEmpty(await page.Locator("[data-tab=related]").InnerTextAsync());
        await page.ClickAsync("[data-tab=entities]");
        await page.Locator("[data-node='203.0.113.47']").WaitForAsync();
        await Screens.TakeAsync(page, "incident-entities");
        await page.ClickAsync("[data-tab=report]");
        await page.ClickAsync("[data-act=write-report]");
        await page.FrameLocator("iframe.paper").Locator("h1").WaitForAsync();
        await Screens.TakeAsync(page, "incident-report");

        await page.PressAsync("o", page.Locator("#hand-to"));
        await page.FillAsync("#hand-to", "olav");
        await page.FillAsync("#hand-note", "Bastion is watched; ask the operator again at six.");
        await page.ClickAsync("[data-act=give]");
        await page.Locator("[data-handover]").WaitForAsync();
        faults.AssertNone("work");

        await using var elsewhere = await Browser.ContextAsync(language: "zh-Hans");
        var colleague = await elsewhere.NewPageAsync();
        await colleague.SignInAsync(House, "olav");
        await colleague.OpenAsync($"{House.Address}/incidents/{_incident}");
        await colleague.ClickAsync("[data-act=accept]");
        await colleague.Locator("[role=dialog] button[type=submit]").ClickAsync();
        await page.Locator("[data-owner]:text-is('olav')").WaitForAsync();
    }

    [Fact]
    public async Task Run_OnAPhone_IsGoneThroughByThumb()
    {
        // One that begins with what a person does: which one is offered first is not what this is about.
        var library = (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/playbooks", UriKind.Relative)))!["playbooks"]!.AsArray();
        var playbook = library.Single(p => p!["name"]!.GetValue<string>() == "Log source silent or switched off")!["id"]!.GetValue<string>();
        using var begun = await Api.PostAsJsonAsync(new Uri($"/api/v1/incidents/{_incident}/runs", UriKind.Relative), new { playbookId = playbook, mode = "Drill" });
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
        await using var context = await Browser.ContextAsync(390, 844);
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        var step = page.Locator("[data-current][data-step-status=WaitingForPerson]");
        await step.WaitForAsync();
        Assert.True(await page.Locator(".unreal-bar[data-mode=Drill]").IsVisibleAsync());
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0);
        // A thumb needs 44 px.
        foreach (var answer in new[] { "done", "failed", "cannot" })
            Assert.InRange((await page.Locator($"[data-answer={answer}]").BoundingBoxAsync())!.Height, 44, 80);
        await Screens.TakeAsync(page, "run-phone");

        var first = await step.GetAttributeAsync("data-current");
        if (await page.Locator(".step select").CountAsync() > 0) await page.Locator(".step select").First.SelectOptionAsync("true");
        await page.FillAsync("#note", "Done by phone");
        await page.ClickAsync("[data-answer=done]");
        await page.Locator($"[data-current]:not([data-current='{first}']), [data-run-over]").First.WaitForAsync();

        await page.ClickAsync("[data-act=pause]");
        await page.Locator("[data-act=pause]").WaitForAsync();
        await Wait.UntilAsync(async () => (await RunAsync())["status"]!.GetValue<string>() == "Paused", "the pause");
        await page.ClickAsync("[data-act=pause]");
        await Wait.UntilAsync(async () => (await RunAsync())["status"]!.GetValue<string>() == "Running", "the run going on");
        await page.ClickAsync("[data-act=cancel]");
        await page.FillAsync("#ask-reason", "enough of the drill");
        await page.Locator("[role=dialog] button[type=submit]").ClickAsync();
        await page.Locator("[data-run-over=Cancelled]").WaitForAsync();
        faults.AssertNone("run on a phone");
    }

    [Fact]
    public async Task Approval_Wanted_ReachesTheApproverOnAnyPageAndLetsTheRunGoOn()
    {
        await using var context = await Browser.ContextAsync(language: "zh-Hans");
        var approver = await context.NewPageAsync();
        await approver.SignInAsync(House, "olav");
        var library = (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/playbooks", UriKind.Relative)))!["playbooks"]!.AsArray();
        var part = library.First(p => p!["file"]!.GetValue<string>() == "part-block-address-firewall.json")!["id"]!.GetValue<string>();
        using var begun = await Api.PostAsJsonAsync(new Uri($"/api/v1/incidents/{_incident}/runs", UriKind.Relative), new { playbookId = part, mode = "Drill", variables = new Dictionary<string, string> { ["__attacker_address__"] = "203.0.113.47" } });
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());

        // The approver looks at another page: it arrives there.
        await approver.Locator("[data-approvals]").ClickAsync();
        await approver.Locator("[data-current][data-step-status=WaitingForApproval]").WaitForAsync();
        await Screens.TakeAsync(approver, "approval-asked");
        await approver.Locator("[data-answer=approve]").First.ClickAsync();
        await approver.Locator("[role=dialog] button[type=submit]").ClickAsync();
        await approver.Locator("[data-approvals]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Wait.UntilAsync(async () => (await RunAsync())["active"]!.AsArray().All(a => a!["status"]!.GetValue<string>() != "WaitingForApproval"), "the run going on");
    }

    private async Task<JsonObject> RunAsync() => (await Api.GetFromJsonAsync<JsonArray>(new Uri($"/api/v1/runs?incident={_incident}", UriKind.Relative)))![0]!.AsObject();

    private async Task ChangeAsync(object fields)
    {
        var version = (await Api.GetFromJsonAsync<JsonObject>(new Uri($"/api/v1/incidents/{_incident}", UriKind.Relative)))!["summary"]!["version"]!.GetValue<int>();
        var body = System.Text.Json.JsonSerializer.SerializeToNode(fields)!.AsObject();
        body["version"] = version;
        using var answer = await Api.PatchAsJsonAsync(new Uri($"/api/v1/incidents/{_incident}", UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
