using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.HttpApi;

/// <summary>Makes requests of http-api commands (CACAO 2.0, section 5.6): "METHOD target HTTP/1.1", headers, content.</summary>
internal static partial class HttpRequestBuilder
{
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Transfer-Encoding", "Connection", "Idempotency-Key" };

    public static void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults)
    {
        var line = CommandLine().Match(command.Text.Trim());
        if (!line.Success)
        {
            faults.Add(PlaybookFaults.HttpCommand, path + ".command", "is wanted as 'METHOD target [HTTP/1.1]' with GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
            return;
        }
        var absolute = IsAbsolute(line.Groups[2].Value);
        var targets = TargetsOf(playbook, step);
        if (!absolute && !targets.Any(t => t.Addresses.Count > 0)) faults.Add(PlaybookFaults.HttpCommand, path + ".command", "a relative address wants a target with url, dname, ipv4 or ipv6");
        foreach (var header in command.Headers.Keys)
            if (Own.Contains(header) || header.Length == 0 || header.Any(c => c is <= ' ' or > '~' or ':')) faults.Add(PlaybookFaults.HttpCommand, PlaybookFaults.Path(path + ".headers", header), "this header cannot be set");
        foreach (var target in targets.Where(t => t.Authentication is not null))
        {
            if (playbook.Authentications.TryGetValue(target.Authentication!, out var authentication) && authentication.Type is not ("http-basic" or "oauth2"))
                faults.Add(PlaybookFaults.AuthenticationNotRun, PlaybookFaults.Path("$.authentication_info_definitions", authentication.Id) + ".type", $"'{Text.Cut(authentication.Type, 50)}' is not used by http-api commands; http-basic and oauth2 are");
        }
    }

    public static string MethodOf(PlaybookCommand command) => CommandLine().Match(command.Text.Trim()).Groups[1].Value.ToUpperInvariant();

    /// <summary>The addresses that a command calls, one a target; or why none can be made.</summary>
    public static (List<(Uri Uri, AgentTarget? Target)> Calls, Phrase? Fault) Addresses(ActionCall call, PlaybookCommand command)
    {
        var filled = VariableReference.Fill(CommandLine().Match(command.Text.Trim()).Groups[2].Value, call.Variable, Uri.EscapeDataString);
        var targets = TargetsOf(call.Playbook, call.Step);
        var calls = new List<(Uri, AgentTarget?)>();
        if (IsAbsolute(filled))
        {
            if (!Uri.TryCreate(filled, UriKind.Absolute, out var uri)) return (calls, "the address cannot be read");
            calls.Add((uri, targets is [var first, ..] ? first : null));
        }
        else
        {
            foreach (var target in targets)
            {
                if (BaseOf(target, call.Variable) is not { } root || !Uri.TryCreate(root.TrimEnd('/') + "/" + filled.TrimStart('/'), UriKind.Absolute, out var uri)) return (calls, $"the address of {target.Name} cannot be read");
                calls.Add((uri, target));
            }
        }
        foreach (var (uri, _) in calls)
        {
            if (uri.Scheme is not ("http" or "https")) return ([], "only http and https are called");
            if (uri.UserInfo.Length > 0) return ([], "an address must not hold a user or password");
        }
        return (calls, calls.Count == 0 ? (Phrase)"the step has no target to call" : null);
    }

    public static (HttpRequestMessage? Request, Phrase? Fault) Build(ActionCall call, PlaybookCommand command, Uri uri, AgentTarget? target, PlaybookSecret? secret, string key)
    {
        var request = new HttpRequestMessage(new HttpMethod(MethodOf(command)), uri);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (command.Content.Length > 0)
        {
            var type = command.Headers.FirstOrDefault(h => string.Equals(h.Key, "Content-Type", StringComparison.OrdinalIgnoreCase)).Value is [var given, ..] ? given : "";
            var json = type.Contains("json", StringComparison.OrdinalIgnoreCase) || (type.Length == 0 && command.Content.TrimStart() is ['{' or '[', ..]);
            var body = VariableReference.Fill(command.Content, call.Variable, json ? v => JsonEncodedText.Encode(v).ToString() : null);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(json ? "application/json" : "text/plain") { CharSet = "utf-8" };
        }
        foreach (var (name, values) in command.Headers)
        {
            foreach (var value in values.Select(v => VariableReference.Fill(v, call.Variable)))
            {
                if (value.Any(char.IsControl)) return (null, $"the header {name} has control characters in it");
                if (string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is not null)
                {
                    if (!MediaTypeHeaderValue.TryParse(value, out var media)) return (null, "the header Content-Type cannot be read");
                    request.Content.Headers.ContentType = media;
                }
                else if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        if (secret is not null && target?.Authentication is { } id && call.Playbook.Authentications.TryGetValue(id, out var authentication))
        {
            if (secret.Secret.Any(char.IsControl)) return (null, $"the secret of {id} has control characters in it");
            if (authentication.Type == "http-basic")
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.UserName + ":" + secret.Secret)));
            else request.Headers.TryAddWithoutValidation(authentication.Header, secret.Secret);
        }
        return (request, null);
    }

    private static List<AgentTarget> TargetsOf(Playbook playbook, PlaybookStep step) =>
        [.. step.Targets.Select(t => playbook.Agents.GetValueOrDefault(t)).OfType<AgentTarget>()];

    private static string? BaseOf(AgentTarget target, Func<string, string?> variable)
    {
        string? First(string kind) => target.Addresses.TryGetValue(kind, out var values) && values.Count > 0 ? VariableReference.Fill(values[0], variable) : null;
        if (First("url") is { } url) return url;
        var host = First("dname") ?? First("ipv4") ?? (First("ipv6") is { } six ? $"[{six}]" : null);
        if (host is null) return null;
        var port = target.Port is null ? "" : VariableReference.Fill(target.Port, variable);
        return port switch
        {
            "" or "443" => $"https://{host}",
            "80" => $"http://{host}",
            _ => $"https://{host}:{port}",
        };
    }

    private static bool IsAbsolute(string target) => target.Contains("://", StringComparison.Ordinal);

    [GeneratedRegex(@"^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+(\S+)(?:\s+HTTP/?[0-9](?:\.[0-9])?)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CommandLine();
}
