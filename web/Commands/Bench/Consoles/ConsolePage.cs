using System.Net;
using System.Text.RegularExpressions;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>What a browser reads before its circuit: the sign-in form, and the page with the components that the circuit starts.</summary>
internal static partial class ConsolePage
{
    /// <returns>The cookies of a session.</returns>
    /// <exception cref="CommandException">The account is refused.</exception>
    public static async Task<CookieContainer> SignInAsync(string address, string name, string password, CancellationToken cancellation)
    {
        var cookies = new CookieContainer();
        using var http = Client(address, cookies);
        var page = await http.GetStringAsync(new Uri("/sign-in", UriKind.Relative), cancellation);
        var form = Hidden().Matches(page).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        form["Input.Name"] = name;
        form["Input.Password"] = password;
        using var content = new FormUrlEncodedContent(form);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), content, cancellation);
        if (cookies.GetCookies(new Uri(address))["beacon"] is null) throw new CommandException($"The console does not let the bench sign in: {(int)answer.StatusCode}");
        return cookies;
    }

    /// <returns>The components of the page as the circuit's start wants them: a JSON array.</returns>
    /// <exception cref="CommandException">The page names none.</exception>
    public static async Task<string> ComponentsAsync(string address, string path, CookieContainer cookies, CancellationToken cancellation)
    {
        using var http = Client(address, cookies);
        var page = await http.GetStringAsync(new Uri(path, UriKind.Relative), cancellation);
        var found = Component().Matches(page).Select(m => m.Groups["json"].Value).Where(j => j.Contains("\"server\"", StringComparison.Ordinal)).ToList();
        if (found.Count == 0) throw new CommandException($"{path} has no live components.");
        return $"[{string.Join(',', found)}]";
    }

    public static HttpClient Client(string address, CookieContainer cookies) =>
        new(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("<!--Blazor:(?<json>\\{.*?\\})-->")]
    private static partial Regex Component();
}
