using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Hosting;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>A whole Beacon in this process, on a folder of its own and on ports that were free.</summary>
public sealed class House : IAsyncDisposable
{
    public const string Password = "a long pass phrase 7";

    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private BeaconHost? _host;
    private ChosenStore? _store;
    private int _port;

    private House(string folder, IReadOnlyDictionary<string, string?> settings) => (_folder, _settings) = (folder, settings);

    public BeaconHost Host => _host ?? throw new InvalidOperationException("Beacon is stopped.");
    public IServiceProvider Services => Host.Services;
    public string Address => $"http://127.0.0.1:{_port}";

    public int SyslogPort
    {
        get
        {
            var endpoint = Services.GetRequiredService<SourceService>().Statuses.First(s => s.Definition.Kind == "syslog-tcp").Endpoint;
            return int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
        }
    }

    public static async Task<House> StartAsync(IReadOnlyDictionary<string, string?>? settings = null, bool demo = false)
    {
        var store = ChosenStore.Make();
        var all = new Dictionary<string, string?>(store.Settings);
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) all[name] = value;
        var house = new House(Directory.CreateTempSubdirectory("beacon-e2e-").FullName, all) { Demo = demo, _store = store };
        await house.StartAgainAsync();
        return house;
    }

    public bool Demo { get; private init; }

    /// <summary>Starts on the same folder and port as before.</summary>
    public async Task StartAgainAsync()
    {
        _host = await BeaconHost.StartAsync(new ServeOptions
        {
            Data = _folder, Listen = [$"http://127.0.0.1:{_port}"], SyslogPort = 0, Quiet = true, Demo = Demo,
            Settings = new Dictionary<string, string?>(_settings) { ["Store:MemoryMegabytes"] = "256" },
        });
        _port = new Uri(_host.Address).Port;
    }

    public async Task StopAsync()
    {
        if (_host is null) return;
        await _host.DisposeAsync();
        _host = null;
    }

    public Task PersonAsync(string name, params string[] roles) =>
        Services.GetRequiredService<UserDirectory>().CreateAsync(name, name, Password, roles.Length > 0 ? roles : [RoleNames.Administrator], "test");

    /// <summary>A new key, as the value of the Authorization header.</summary>
    public async Task<string> KeyAsync(params string[] scopes)
    {
        var (key, secret) = await Services.GetRequiredService<ApiKeys>().CreateAsync("test", scopes, TimeSpan.FromHours(1), "test");
        return "ApiKey " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{secret}"));
    }

    public HttpClient Client(string? authorization = null)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromSeconds(30) };
        if (authorization is not null) client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        return client;
    }

    /// <summary>Sends lines over TCP to the syslog receiver, as sshd on a bastion would write them.</summary>
    public async Task SyslogAsync(params IEnumerable<string> lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", SyslogPort);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Plays a login of root with a password, and gives the alert that it raises.</summary>
    public async Task<JsonObject> AttackAsync(HttpClient api, string host = "bas-01", string address = "203.0.113.47")
    {
        await SyslogAsync(Sshd(host, $"Accepted password for root from {address} port 41888 ssh2"));
        return await Wait.ForAsync(() => AlertAsync(api, host), $"the alert about {host}");
    }

    public static async Task<JsonObject?> AlertAsync(HttpClient api, string text)
    {
        var page = await api.GetFromJsonAsync<JsonObject>(new Uri($"/api/v1/alerts?text={Uri.EscapeDataString(text)}", UriKind.Relative));
        return page!["items"]!.AsArray().FirstOrDefault()?.AsObject();
    }

    /// <summary>Makes an incident of an alert, unless it is in one, and gives the incident's id.</summary>
    public static async Task<long> IncidentAsync(HttpClient api, JsonObject alert)
    {
        var id = alert["id"]!.GetValue<long>();
        var joined = await Wait.ForAsync(async () =>
        {
            var summary = (await api.GetFromJsonAsync<JsonObject>(new Uri($"/api/v1/alerts/{id}", UriKind.Relative)))!["summary"]!.AsObject();
            if (summary["incidentId"] is not null) return summary;
            using var answer = await api.PostAsJsonAsync(new Uri($"/api/v1/alerts/{id}/escalate", UriKind.Relative), new { version = summary["version"]!.GetValue<int>(), reason = "test" });
            return null;
        }, "the incident");
        return joined["incidentId"]!.GetValue<long>();
    }

    public static string Sshd(string host, string text, int process = 2391) =>
        string.Create(CultureInfo.InvariantCulture, $"<38>1 {TimeProvider.System.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {host} sshd {process} - - {text}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
        if (_store is not null) await _store.DisposeAsync();
    }
}
