using Beacon.Events;
using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

public sealed class EvidenceTests : IDisposable
{
    private readonly BunitContext _page = new();

    public EvidenceTests()
    {
        _page.Services.AddLocalization();
        _page.Services.AddLogging();
    }

    public void Dispose() => _page.Dispose();

    [Fact]
    public void Evidence_MatchedField_StandsFirstMarkedAndHarmless()
    {
        var drawn = _page.Render<Evidence>(p => p
            .Add(e => e.EventJson, "{\"host\":{\"name\":\"pc\"},\"process\":{\"command_line\":\"run \\u202e<b>whoami</b>\"}}")
            .Add(e => e.Matched, [new MatchedField("selection", "process.command_line", "run \u202e<b>whoami</b>", 4, 10)]));
        Assert.Equal("process.command_line", drawn.Find("span.k").TextContent);
        var mark = Assert.Single(drawn.FindAll("mark"));
        Assert.Contains("‹202E›<b>whoami", mark.TextContent, StringComparison.Ordinal);
        Assert.Empty(drawn.FindAll("b"));
    }
}
