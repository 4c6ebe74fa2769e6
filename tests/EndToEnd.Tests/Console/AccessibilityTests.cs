using Beacon.EndToEnd.Tests.Support;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>axe-core over every page with something on it: no violation that it calls serious or critical, in either theme.</summary>
public sealed class AccessibilityTests(Browser browser) : ConsoleTests(browser)
{
    private long _incident;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await House.SyslogAsync(Enumerable.Range(0, 15).Select(i => House.Sshd("bas-01", $"Failed password for invalid user admin from 203.0.113.47 port {41_000 + i} ssh2")));
        _incident = await House.IncidentAsync(Api, await House.AttackAsync(Api));
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public async Task Pages_HaveNoSeriousViolation(string theme)
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var found = new List<string>();
        await page.GotoAsync(House.Address + "/sign-in");
        await LookAsync("sign-in");
        await page.SignInAsync(House, Person);
        if (theme == "light") await page.EvaluateAsync("beacon.theme('light')");
        foreach (var path in new[] { "/live", "/warnings", "/incidents", $"/incidents/{_incident}", "/rules", "/sources", "/assets", "/coverage?t=T1110", "/playbooks", "/notifications", "/warnings/matrix", "/search?span=1h", "/live/handover", "/people", "/keys", "/audit" })
        {
            await page.OpenAsync(House.Address + path);
            await LookAsync(path);
        }
        await page.GotoAsync(House.Address + "/wall");
        await page.Locator("[data-wall-load]").WaitForAsync();
        await LookAsync("/wall");
        Assert.True(found.Count == 0, string.Join("\n", found));

        async Task LookAsync(string name)
        {
            var result = await page.RunAxe();
            found.AddRange(from violation in result.Violations
                           where violation.Impact is "serious" or "critical"
                           from node in violation.Nodes.Take(5)
                           select $"{name} ({theme}): {violation.Id}: {string.Join(" ", node.Target)}: {node.Any.FirstOrDefault()?.Message ?? violation.Help}");
        }
    }
}
