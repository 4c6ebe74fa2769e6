using System.Net.Http.Headers;
using System.Text;
using Beacon.Alerting;
using Beacon.Alerting.Incidents;
using Beacon.Events;
using Beacon.Web.Hosting;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Security;

/// <summary>A whole Beacon in demonstration mode, for asking its endpoints from outside.</summary>
public sealed class RunningBeacon : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-web-");

    private int _people;

    internal BeaconHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await BeaconHost.StartAsync(new ServeOptions { Data = _folder.FullName, Listen = ["http://127.0.0.1:0"], SyslogPort = 0, Quiet = true, Demo = true, Settings = new Dictionary<string, string?> { ["Store:MemoryMegabytes"] = "256" } });
        Host.Services.GetRequiredService<DemoVisitor>().Account = await Host.Services.GetRequiredService<UserDirectory>().CreateAsync("visitor", "Visitor", "a long pass phrase 7", [RoleNames.Operator], "test");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Host.Address), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A browser in which a person of these roles is signed in.</summary>
    public async Task<HttpClient> SignedInAsync(params string[] roles)
    {
        var visitor = Host.Services.GetRequiredService<DemoVisitor>();
        var before = visitor.Account;
        visitor.Account = await Host.Services.GetRequiredService<UserDirectory>().CreateAsync("person" + Interlocked.Increment(ref _people), "Person", "a long pass phrase 7", roles, "test");
        var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/live", UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await client.SendAsync(request);
        visitor.Account = before;
        client.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("beacon=", StringComparison.Ordinal)).Split(';')[0]);
        return client;
    }

    public async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var (key, secret) = await Host.Services.GetRequiredService<ApiKeys>().CreateAsync("test", scopes, null, "test");
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{secret}")));
        return client;
    }

    /// <summary>An incident of a test's own, raised by a grave detection.</summary>
    public async Task<IncidentSummary> IncidentAsync(CancellationToken cancellation)
    {
        var host = "host-" + Guid.NewGuid().ToString("N");
        var now = TimeProvider.System.GetUtcNow();
        await Host.Services.GetRequiredService<IDetectionSink>().CommitAsync([new Detection
        {
            Id = new DetectionId(host), RuleId = "r-" + host, RuleTitle = "A rule", RuleKind = "sigma", Severity = Severity.Critical, Time = now, Received = now,
            Entity = new Entity(EntityKind.Host, host), Summary = "on " + host,
        }], null, cancellation);
        return (await Host.Services.GetRequiredService<IIncidentService>().ListAsync(new IncidentQuery { Text = host }, cancellation)).Items.Single();
    }
}
