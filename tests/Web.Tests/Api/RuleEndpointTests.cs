using System.Net;
using System.Text.Json;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class RuleEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    [Theory]
    [InlineData("")]
    [InlineData("?sort=title")]
    [InlineData("?sort=cost")]
    [InlineData("?sort=matches")]
    [InlineData("?sort=errors")]
    [InlineData("?sort=lastMatch")]
    public async Task Rules_Order_GivesAllWithTheirFigures(string query)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/v1/rules" + query, UriKind.Relative), TestContext.Current.CancellationToken));
        var rules = json.RootElement.GetProperty("rules").EnumerateArray().ToList();
        Assert.True(rules.Count > 50);
        Assert.All(rules, static r => Assert.All((string[])["matches", "errors", "lastError", "lastMatch", "microsecondsPerEvent", "question"], n => Assert.True(r.TryGetProperty(n, out _), n)));
        Assert.False(rules[0].TryGetProperty("words", out _));
        var costs = rules.Select(static r => r.GetProperty("microsecondsPerEvent") is { ValueKind: JsonValueKind.Number } cost ? cost.GetDouble() : -1).ToList();
        if (query == "?sort=cost") Assert.Equal(costs.OrderDescending(), costs);
    }

    [Theory]
    [InlineData("en", "A started process ")]
    [InlineData("zh-Hans", "新启动的进程")]
    public async Task Rules_Language_SaysTheQuestionInIt(string language, string words)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/v1/rules", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Contains(json.RootElement.GetProperty("rules").EnumerateArray(), r => r.GetProperty("question").GetString()!.StartsWith(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_UnknownOrder_IsRefused()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await client.GetAsync(new Uri("/api/v1/rules?sort=colour", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
