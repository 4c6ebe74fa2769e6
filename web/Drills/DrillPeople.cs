using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Web.Hosting;
using Beacon.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Beacon.Web.Drills;

/// <summary>The two people of a drill, each with an account and a session of their own: they act over the API as a console does.</summary>
internal sealed class DrillPeople : IDisposable
{
    public const string First = "drill-first", Second = "drill-second";

    private readonly HttpClient _first, _second;

    private DrillPeople(HttpClient first, HttpClient second) => (_first, _second) = (first, second);

    public static async Task<DrillPeople> ComeAsync(BeaconHost host, CancellationToken cancellation) => new(
        await SignInAsync(host, First, [RoleNames.Operator, RoleNames.Responder], cancellation),
        await SignInAsync(host, Second, [RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor, RoleNames.Administrator, RoleNames.Owner], cancellation));

    public Task<JsonNode> ReadAsync(string path, CancellationToken cancellation) => AnswerAsync(path, _first.GetAsync(new Uri("/api/v1" + path, UriKind.Relative), cancellation), cancellation);

    public Task<JsonNode> DoAsync(bool second, string path, object body, CancellationToken cancellation) =>
        AnswerAsync(path, (second ? _second : _first).PostAsJsonAsync(new Uri("/api/v1" + path, UriKind.Relative), body, JsonSerializerOptions.Web, cancellation), cancellation);

    /// <summary>As <see cref="DoAsync"/>; false where the object changed meanwhile and is to be read again.</summary>
    public async Task<bool> TryAsync(bool second, string path, object body, CancellationToken cancellation)
    {
        using var answer = await (second ? _second : _first).PostAsJsonAsync(new Uri("/api/v1" + path, UriKind.Relative), body, JsonSerializerOptions.Web, cancellation);
        if (answer.StatusCode == System.Net.HttpStatusCode.Conflict) return false;
        if (!answer.IsSuccessStatusCode) throw new CommandException($"{path} was refused in the drill: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        return true;
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static async Task<JsonNode> AnswerAsync(string path, Task<HttpResponseMessage> asked, CancellationToken cancellation)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (!answer.IsSuccessStatusCode) throw new CommandException($"{path} was refused in the drill: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text) ?? throw new CommandException($"{path} answered nothing");
    }

    private static async Task<HttpClient> SignInAsync(BeaconHost host, string name, string[] roles, CancellationToken cancellation)
    {
        var password = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var account = await host.Services.GetRequiredService<UserDirectory>().CreateAsync(name, name, password, roles, "drill", cancellation);
        const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var options = host.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Scheme);
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var ticket = new AuthenticationTicket(Sessions.Principal(account), new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(1) }, Scheme);
        var client = new HttpClient(new HttpClientHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Address), Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Add("Cookie", $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}");
        return client;
    }
}
