using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beacon.Alerting;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api.Document;

/// <summary>The document says of every endpoint what it is, and what it says is so.</summary>
public sealed partial class ApiDocumentTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_Asked_IsOpenApi31UnderBothNamesForThoseWhoMayRead()
    {
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        var text = await reader.GetStringAsync(Relative("/openapi"), Stop);
        Assert.StartsWith("3.1.", JsonNode.Parse(text)!["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(text, await reader.GetStringAsync(Relative("/openapi/v1.json"), Stop));
        using var stranger = beacon.Client();
        using var refused = await stranger.GetAsync(Relative("/openapi"), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Document_EveryEndpointUnderApi_IsInIt()
    {
        var document = await DocumentAsync();
        var mapped = beacon.Host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(m => (Method: m.ToLowerInvariant(), Path: "/" + Constraint().Replace(e.RoutePattern.RawText!.Trim('/'), "{$1}")))).ToList();
        Assert.True(mapped.Count > 100, $"only {mapped.Count} endpoints were found");
        Assert.Empty(mapped.Where(e => document["paths"]![e.Path]?[e.Method] is null).Select(e => $"{e.Method} {e.Path}"));
    }

    [Fact]
    public async Task Operations_All_SaySummaryWhoSchemasExamplesAndRefusals()
    {
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);
        var faults = new List<string>();
        var ids = new HashSet<string>();
        foreach (var (name, operation) in Operations(document))
        {
            void Fault(string text) => faults.Add($"{name}: {text}");
            if (string.IsNullOrWhiteSpace(operation["summary"]?.GetValue<string>())) Fault("no summary");
            if (string.IsNullOrWhiteSpace(operation["description"]?.GetValue<string>())) Fault("no description");
            if (!ids.Add(operation["operationId"]!.GetValue<string>())) Fault("its id is another's, too");
            if (operation["security"] is not JsonArray { Count: > 0 }) Fault("no security");
            foreach (var parameter in operation["parameters"] as JsonArray ?? [])
                if (string.IsNullOrWhiteSpace(parameter!["description"]?.GetValue<string>())) Fault($"parameter {parameter["name"]} is not described");
            if (operation["requestBody"]?["content"] is JsonObject body) Examples(check, body, "body", Fault);
            var answers = operation["responses"]!.AsObject();
            if (!answers.Any(a => a.Key[0] == '2')) Fault("no answer");
            foreach (var status in (string[])["401", "403"])
                if (answers[status] is null) Fault($"no {status}");
            foreach (var (status, answer) in answers)
            {
                var content = check.Resolve(answer!.AsObject())["content"] as JsonObject;
                if (status == "204") continue;
                if (content is null) Fault($"{status} has no content");
                else if (status[0] != '2' && !content.ContainsKey("application/problem+json")) Fault($"{status} is no problem details");
                else Examples(check, content, status, Fault);
            }
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Answers_OfEveryGetThatCanBeAsked_AreAsDescribed()
    {
        var incident = (await beacon.IncidentAsync(Stop)).Id;
        using var person = await beacon.SignedInAsync(RoleNames.Administrator, RoleNames.Operator, RoleNames.Supervisor);
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);
        var faults = new List<string>();
        var asked = 0;
        foreach (var (name, operation) in Operations(document).Where(o => o.Name.StartsWith("get ", StringComparison.Ordinal)))
        {
            if (operation["responses"]!["200"]?["content"]?["application/json"] is not JsonObject { } described) continue;
            var path = Braces().Replace(name[4..], name.Contains("/rules/{", StringComparison.Ordinal) ? "0210d944-e45b-51cc-848b-dce47ada30c4" : name.Contains("playbooks/{", StringComparison.Ordinal) ? "playbook--76cc9918-ad36-4e37-9287-db894c00fb68" : incident.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var answer = await person.GetAsync(Relative(path + Needed(operation)), Stop);
            // What only some incidents, events or runs have is not there to be compared; that it is refused as described is.
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                if (operation["responses"]![((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture)] is null) faults.Add($"{name}: {(int)answer.StatusCode} is not described");
                continue;
            }
            asked++;
            var real = await answer.Content.ReadFromJsonAsync<JsonNode>(Stop);
            faults.AddRange(check.Faults(described["schema"], real).Take(5).Select(f => $"{name}: {f}"));
            if (real is JsonObject seen && described["example"] is JsonObject example && check.Resolve(described["schema"]!.AsObject())["properties"] is not null)
                faults.AddRange(seen.Select(p => p.Key).Except(example.Select(p => p.Key)).Select(p => $"{name}: the example lacks {p}"));
        }
        Assert.Empty(faults);
        Assert.True(asked > 40, $"only {asked} were asked");
    }

    [Fact]
    public async Task Limits_OneAboveTheMost_IsRefusedAsProblem()
    {
        using var person = await beacon.SignedInAsync(RoleNames.Administrator, RoleNames.Operator);
        var faults = new List<string>();
        var asked = 0;
        foreach (var (name, operation) in Operations(await DocumentAsync()).Where(o => o.Name.StartsWith("get ", StringComparison.Ordinal)))
        {
            if ((operation["parameters"] as JsonArray ?? []).FirstOrDefault(p => p!["name"]!.GetValue<string>() == "limit") is not { } limit) continue;
            if (limit["schema"]!["maximum"] is not { } most)
            {
                faults.Add($"{name}: limit says no most");
                continue;
            }
            asked++;
            using var answer = await person.GetAsync(Relative($"{Braces().Replace(name[4..], "1")}?limit={most.GetValue<int>() + 1}"), Stop);
            if (answer.StatusCode != HttpStatusCode.BadRequest || answer.Content.Headers.ContentType?.MediaType != "application/problem+json") faults.Add($"{name}: {(int)answer.StatusCode} above {most}");
        }
        Assert.Empty(faults);
        Assert.True(asked > 12, $"only {asked} were asked");
    }

    [Theory]
    [InlineData("GET", "/api/v1/alerts?limit=many", "", 400)]
    [InlineData("POST", "/api/v1/incidents/1/notes", "{", 400)]
    [InlineData("GET", "/api/v1/alerts/999999", "", 404)]
    [InlineData("GET", "/api/v1/nothing", "", 404)]
    [InlineData("POST", "/api/v1/incidents/1/notes", "text", 415)]
    [InlineData("POST", "/api/v1/playbooks/check", "large", 413)]
    [InlineData("GET", "/api/v1/changes?after=-5&limit=0", "", 400)]
    [InlineData("GET", "/api/v1/audit", "", 403)]
    public async Task Refusals_OfAPersonsRequest_AreProblemDetails(string method, string path, string body, int status)
    {
        using var person = await beacon.SignedInAsync(RoleNames.Operator);
        await RefusedAsync(person, method, path, body, status);
    }

    [Fact]
    public async Task Refusals_OfAKeysRequest_AreProblemDetails()
    {
        using var stranger = beacon.Client();
        await RefusedAsync(stranger, "GET", "/api/v1/alerts", "", 401);
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        await RefusedAsync(reader, "POST", "/api/v1/alerts/1/acknowledge", "{\"version\":1}", 403);
        using var worker = await beacon.ClientAsync(ApiScopes.Operate);
        var incident = await beacon.IncidentAsync(Stop);
        using var change = new HttpRequestMessage(HttpMethod.Patch, Relative($"/api/v1/incidents/{incident.Id}")) { Content = JsonContent.Create(new { version = incident.Version + 7, title = "Another", reason = "test" }) };
        using var answer = await worker.SendAsync(change, Stop);
        Assert.Equal((409, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private static async Task RefusedAsync(HttpClient client, string method, string path, string body, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Relative(path));
        if (method != "GET") request.Content = new StringContent(body == "large" ? new string(' ', 1024 * 1024 + 1) : body, Encoding.UTF8, body == "text" ? "text/plain" : "application/json");
        using var answer = await client.SendAsync(request, Stop);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(status, (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!["status"]!.GetValue<int>());
    }

    private static void Examples(SchemaCheck check, JsonObject content, string where, Action<string> fault)
    {
        foreach (var (type, media) in content)
        {
            if (media!["schema"] is not JsonObject { Count: > 0 } schema) fault($"{where} has no schema");
            else if (!media.AsObject().ContainsKey("example")) fault($"{where} has no example");
            else if (type.EndsWith("json", StringComparison.Ordinal) && check.Faults(schema, media["example"]) is { Count: > 0 } wrong) fault($"the example of {where}: {string.Join("; ", wrong.Take(5))}");
        }
    }

    private static string Needed(JsonObject operation)
    {
        var needed = (operation["parameters"] as JsonArray ?? []).Where(p => p!["in"]!.GetValue<string>() == "query" && p["required"]?.GetValue<bool>() == true).Select(p => p!["name"]!.GetValue<string>() switch
        {
            "page" => "page=live", "field" => "field=host.name", "from" => "from=2026-11-24T00:00:00Z", "to" => "to=2026-11-25T00:00:00Z", "seconds" => "seconds=60", var other => other + "=1",
        });
        return string.Join('&', needed) is { Length: > 0 } query ? "?" + query : "";
    }

    private async Task<JsonObject> DocumentAsync()
    {
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        return (await reader.GetFromJsonAsync<JsonObject>(Relative("/openapi"), Stop))!;
    }

    private static IEnumerable<(string Name, JsonObject Operation)> Operations(JsonObject document) =>
        document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Where(o => Methods.Contains(o.Key)).Select(o => ($"{o.Key} {p.Key}", o.Value!.AsObject())));

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    [GeneratedRegex(@"\{([^}:?]+)[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();
}
