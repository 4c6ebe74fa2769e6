using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Beacon.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Security;

public sealed partial class EndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    // Everything else asks who it is. Whoever adds a line here says why in the change.
    private static readonly string[] Open = ["/health/live", "/health/ready", "/metrics", "/sign-in", "/setup/{Token}", "/reset/{Token}", "/denied", "/not-found", "/viewer/language"];

    private IEnumerable<RouteEndpoint> Endpoints => beacon.Host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();

    [Fact]
    public void Endpoints_OpenToAnybody_AreTheListedOnes()
    {
        var open = Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<StaticAssetDescriptor>() is null).Select(Pattern).Where(p => !p.StartsWith("/_framework", StringComparison.Ordinal) && !p.StartsWith("/_content", StringComparison.Ordinal)).Distinct();
        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Endpoints_AskedByAnybody_AnswerOnlyWithASignIn()
    {
        using var client = beacon.Client();
        var answered = new List<string>();
        var asked = 0;
        foreach (var endpoint in Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET", "POST"])
            {
                asked++;
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Parameter().Replace(Pattern(endpoint), "1"), UriKind.Relative));
                if (method is "POST" or "PUT") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await client.SendAsync(request);
                var toSignIn = answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal);
                if (!toSignIn && answer.StatusCode != HttpStatusCode.Unauthorized) answered.Add($"{method} {Pattern(endpoint)}: {(int)answer.StatusCode}");
            }
        }
        Assert.True(asked > 60, $"only {asked} endpoints were asked");
        Assert.Empty(answered);
    }

    [Theory]
    [InlineData(ApiScopes.Ingest, "GET", "/api/v1/alerts", 403)]
    [InlineData(ApiScopes.Ingest, "GET", "/api/v1/events", 403)]
    [InlineData(ApiScopes.Ingest, "POST", "/api/v1/alerts/1/acknowledge", 403)]
    [InlineData(ApiScopes.Ingest, "POST", "/ingest/http", 200)]
    [InlineData(ApiScopes.Read, "GET", "/api/v1/alerts", 200)]
    [InlineData(ApiScopes.Read, "POST", "/api/v1/alerts/1/acknowledge", 403)]
    [InlineData(ApiScopes.Read, "POST", "/api/v1/incidents/1/notes", 403)]
    [InlineData(ApiScopes.Read, "POST", "/ingest/http", 403)]
    [InlineData(ApiScopes.Read, "POST", "/_bulk", 403)]
    [InlineData(ApiScopes.Read, "GET", "/api/v1/audit", 403)]
    [InlineData(ApiScopes.Operate, "GET", "/api/v1/alerts", 200)]
    [InlineData(ApiScopes.Operate, "POST", "/api/v1/alerts/1/acknowledge", 404)]
    [InlineData(ApiScopes.Operate, "POST", "/ingest/http", 403)]
    [InlineData(ApiScopes.Operate, "PUT", "/api/v1/warnings/matrix", 403)]
    [InlineData(ApiScopes.Operate, "GET", "/api/v1/audit", 403)]
    [InlineData(ApiScopes.Ingest, "GET", "/api/v1/sources/silences", 403)]
    [InlineData(ApiScopes.Read, "GET", "/api/v1/sources/silences", 200)]
    [InlineData(ApiScopes.Operate, "POST", "/api/v1/sources/syslog/silence", 403)]
    [InlineData(ApiScopes.Read, "GET", "/api/v1/rules/unfinished", 200)]
    [InlineData(ApiScopes.Operate, "DELETE", "/api/v1/rules/unfinished/1", 403)]
    public async Task Key_Scope_OpensWhatItNamesAndNoMore(string scope, string method, string path, int status)
    {
        using var client = await beacon.ClientAsync(scope);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method != "GET") request.Content = new StringContent("{\"version\":1}", Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/rules")]
    [InlineData("/api/v1/alerts")]
    [InlineData("/health/live")]
    [InlineData("/css/console.css")]
    [InlineData("/no/such/page")]
    public async Task Answers_All_CarryTheHeaders(string path)
    {
        using var client = beacon.Client();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("localhost", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public async Task Demo_NameInTheRequest_MustBeLoopback(string host, bool signedIn)
    {
        using var client = beacon.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/live", UriKind.Relative));
        request.Headers.Host = $"{host}:{new Uri(beacon.Host.Address).Port}";
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(!signedIn, answer.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal));
        Assert.Equal(signedIn, answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("beacon=", StringComparison.Ordinal)));
        if (signedIn) Assert.All(cookies!.Where(c => c.StartsWith("beacon=", StringComparison.Ordinal)), c => Assert.Contains("httponly", c, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Demo_ProgramWithoutAKey_IsNotSignedIn()
    {
        using var client = beacon.Client();
        using var answer = await client.GetAsync(new Uri("/api/v1/alerts", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
