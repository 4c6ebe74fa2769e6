using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Beacon.Alerting;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class PlaybookEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;
    private static Uri Path(string path) => new("/api/v1" + path, UriKind.Relative);
    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private static string Document(string id, string name, string next) => $$$$"""
        {"type":"playbook","spec_version":"cacao-2.0","id":"{{{{id}}}}","name":"{{{{name}}}}","created_by":"identity--44444444-4444-4444-8444-444444444444","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z",
         "workflow_start":"start--00000001-0000-4000-8000-000000000001","workflow":{"start--00000001-0000-4000-8000-000000000001":{"type":"start","on_completion":"{{{{next}}}}"},"end--00000002-0000-4000-8000-000000000002":{"type":"end"}}}
        """;

    private const string End = "end--00000002-0000-4000-8000-000000000002";
    private const string Missing = "end--00000003-0000-4000-8000-000000000003";

    [Fact]
    public async Task Playbooks_ImportVersionsDiffExportPictureWithdraw()
    {
        const string Id = "playbook--0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a";
        using var client = await beacon.SignedInAsync(RoleNames.Owner);
        using var first = await client.PostAsync(Path("/playbooks?reason=first"), Body(Document(Id, "First", End)), Stop);
        Assert.True(first.IsSuccessStatusCode, await first.Content.ReadAsStringAsync(Stop));
        using var stale = await client.PostAsync(Path("/playbooks"), Body(Document(Id, "Second", End)), Stop);
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        using var second = await client.PostAsync(Path("/playbooks?version=1"), Body(Document(Id, "Second", End)), Stop);
        Assert.True(second.IsSuccessStatusCode);
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonArray>(Path($"/playbooks/{Id}/versions"), Stop))!.Count);
        Assert.Equal("name", (await client.GetFromJsonAsync<JsonObject>(Path($"/playbooks/{Id}/diff?from=1&to=2"), Stop))!["document"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("First", (await client.GetFromJsonAsync<JsonObject>(Path($"/playbooks/{Id}?version=1"), Stop))!["name"]!.GetValue<string>());
        using var picture = await client.GetAsync(Path($"/playbooks/{Id}/graph.svg"), Stop);
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Parse(await picture.Content.ReadAsStringAsync(Stop)).Root!.Name.LocalName);
        using var gone = await client.PostAsJsonAsync(Path($"/playbooks/{Id}/withdraw"), new { version = 2, reason = "over" }, Stop);
        Assert.True(gone.IsSuccessStatusCode);
        using var none = await client.GetAsync(Path($"/playbooks/{Id}"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Import_AndWithdraw_ByAKeyThatOperates_AreRefused()
    {
        const string Id = "playbook--0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c";
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        using var import = await client.PostAsync(Path("/playbooks?reason=first"), Body(Document(Id, "First", End)), Stop);
        Assert.Equal(HttpStatusCode.Forbidden, import.StatusCode);
        using var gone = await client.PostAsJsonAsync(Path($"/playbooks/{Id}/withdraw"), new { version = 1, reason = "over" }, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, gone.StatusCode);
    }

    [Fact]
    public async Task Check_And_Import_OfAFaultyDocument_NameThePlace()
    {
        const string Id = "playbook--0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b";
        using var client = await beacon.SignedInAsync(RoleNames.Owner);
        using var check = await client.PostAsync(Path("/playbooks/check"), Body(Document(Id, "Broken", Missing)), Stop);
        var verdict = await check.Content.ReadFromJsonAsync<JsonObject>(Stop);
        Assert.False(verdict!["accepted"]!.GetValue<bool>());
        Assert.Contains(verdict["findings"]!.AsArray(), f => f!["path"]!.GetValue<string>().EndsWith(".on_completion", StringComparison.Ordinal) && f["code"]!.GetValue<string>() == "CACAO-110");
        using var import = await client.PostAsync(Path("/playbooks"), Body(Document(Id, "Broken", Missing)), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, import.StatusCode);
        Assert.NotEmpty((await import.Content.ReadFromJsonAsync<JsonObject>(Stop))!["faults"]!.AsArray());
        using var large = await client.PostAsync(Path("/playbooks/check"), Body(new string(' ', 1024 * 1024 + 1)), Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        using var refused = await reader.PostAsync(Path("/playbooks"), Body(Document(Id, "Not mine", End)), Stop);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
