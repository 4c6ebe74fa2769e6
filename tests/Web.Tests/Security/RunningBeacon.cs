using System.Net.Http.Headers;
using System.Text;
using Beacon.Alerting;
using Beacon.Web.Hosting;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Security;

/// <summary>A whole Beacon in demonstration mode, for asking its endpoints from outside.</summary>
public sealed class RunningBeacon : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-web-");

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

    public async Task<HttpClient> ClientAsync(params string[] scopes)
    {
        var (key, secret) = await Host.Services.GetRequiredService<ApiKeys>().CreateAsync("test", scopes, null, "test");
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{secret}")));
        return client;
    }
}
