using System.Net;
using System.Text.Json;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class CoverageEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    [Theory]
    [InlineData("", "enterprise-attack")]
    [InlineData("?domain=enterprise", "enterprise-attack")]
    [InlineData("?domain=ics", "ics-attack")]
    public async Task Coverage_Domain_GivesALayerOfIt(string query, string domain)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/v1/rules/coverage" + query, UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(domain, json.RootElement.GetProperty("domain").GetString());
        Assert.NotEmpty(json.RootElement.GetProperty("techniques").EnumerateArray());
    }

    [Fact]
    public async Task Coverage_UnknownDomain_IsRefused()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await client.GetAsync(new Uri("/api/v1/rules/coverage?domain=mobile", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
