using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>Collects what a page's console calls an error, scripts' exceptions, and answers of 400 and above.</summary>
internal sealed class PageFaults
{
    private readonly ConcurrentQueue<string> _seen = new();

    public PageFaults(IPage page)
    {
        page.Console += (_, message) => { if (message.Type == "error") _seen.Enqueue($"console: {message.Text}"); };
        page.PageError += (_, error) => _seen.Enqueue($"script: {error}");
        page.Response += (_, answer) => { if (answer.Status >= 400) _seen.Enqueue($"{answer.Status}: {answer.Url}"); };
    }

    public void AssertNone(string where) => Assert.True(_seen.IsEmpty, $"{where}: {string.Join("; ", _seen)}");
}
