using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>One Chromium for all tests; each takes contexts of its own. Tests are skipped by name where it is not installed.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Path = "/usr/bin/chromium";

    // Nothing but the page under test: no updates, no reports, no traffic of the browser's own.
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A new context at the size of the smallest desk that Beacon promises.</summary>
    public async Task<IBrowserContext> ContextAsync(int width = 1366, int height = 768, string language = "en")
    {
        Assert.SkipUnless(File.Exists(Path), $"{Path} is not installed: sudo apt-get install chromium");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Headless = true, Args = Arguments });
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, Locale = language == "zh-Hans" ? "zh-CN" : "en-GB", TimezoneId = "Europe/Oslo", ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Wait.Most.TotalMilliseconds);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
