using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Collectors.Enrichment;
using Beacon.Events;
using Beacon.Web.Assets;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class AssetEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_NewThenChangedThenStale_IsKeptUnderItsVersionAndRemovedWithAReason()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        var made = await PutAsync(owner, "plc-9", new { name = "Pump 9", names = new[] { "10.9.0.1" }, importance = "EspeciallyImportant", zone = "ot-9" });
        Assert.Equal("Pump 9", made["name"]!.GetValue<string>());
        var version = made["version"]!.GetValue<string>();
        var changed = await PutAsync(owner, "plc-9", new { version, name = "Pump nine", names = new[] { "10.9.0.1" }, importance = "Important" });
        Assert.NotEqual(version, changed["version"]!.GetValue<string>());

        using var stale = await owner.PutAsJsonAsync(Relative("/api/v1/assets/plc-9"), new { version, name = "lost" }, Stop);
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        using var taken = await owner.PutAsJsonAsync(Relative("/api/v1/assets/other"), new { names = new[] { "10.9.0.1" } }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, taken.StatusCode);
        Assert.Contains("plc-9", await taken.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        var list = await reader.GetFromJsonAsync<JsonObject>(Relative("/api/v1/assets?text=nine"), Stop);
        Assert.Equal(1, list!["total"]!.GetValue<int>());
        using var forbidden = await reader.PutAsJsonAsync(Relative("/api/v1/assets/x"), new { }, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);

        version = changed["version"]!.GetValue<string>();
        using var bare = await owner.PostAsJsonAsync(Relative("/api/v1/assets/plc-9/remove"), new { version }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        using var removed = await owner.PostAsJsonAsync(Relative("/api/v1/assets/plc-9/remove"), new { version, reason = "scrapped" }, Stop);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var gone = await reader.GetAsync(Relative("/api/v1/assets/plc-9"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Import_DryRunFaultyAndGood_ReportsAndTakesAllOrNone()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        const string good = "id,name,importance\nimp-1,One,important\nimp-2,Two,general\n";
        var dry = await ImportAsync(owner, good, "?dryRun=true");
        Assert.Equal((2, 0, false), (dry["added"]!.AsArray().Count, dry["faults"]!.AsArray().Count, dry["done"]!.GetValue<bool>()));
        var faulty = await ImportAsync(owner, good + "imp-3,Three,very\n");
        Assert.Equal((4, false), (faulty["faults"]![0]!["line"]!.GetValue<int>(), faulty["done"]!.GetValue<bool>()));
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        Assert.Equal(0, (await reader.GetFromJsonAsync<JsonObject>(Relative("/api/v1/assets?text=imp-"), Stop))!["total"]!.GetValue<int>());
        Assert.True((await ImportAsync(owner, good))["done"]!.GetValue<bool>());
        var again = await ImportAsync(owner, good.Replace("Two", "Second", StringComparison.Ordinal));
        Assert.Equal(("imp-2", 1), (again["changed"]![0]!.GetValue<string>(), again["same"]!.GetValue<int>()));
    }

    [Fact]
    public void CsvText_HostileAndQuotedWords_ComeBackAsTheyWere()
    {
        Asset[] assets = [new("a-1", "=cmd|' /c calc'!A0", ["h,1", "10.0.0.1"], AssetImportance.Important, "\"Own\" er", "-org", "@s", "+z", "two, words", ["nginx"]), new("b-2", "plain", [], AssetImportance.General, "", "", "", "", "")];
        var csv = AssetCsvText.Write(assets);
        Assert.DoesNotContain(",=cmd", csv, StringComparison.Ordinal);
        var (read, faults) = AssetCsv.Read(csv);
        Assert.Empty(faults);
        Assert.Equal(assets.Select(AssetDesk.VersionOf), read.Select(AssetDesk.VersionOf));
    }

    private static async Task<JsonObject> PutAsync(HttpClient client, string id, object body)
    {
        using var answer = await client.PutAsJsonAsync(Relative("/api/v1/assets/" + id), body, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
    }

    private static async Task<JsonObject> ImportAsync(HttpClient client, string csv, string query = "")
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await client.PostAsync(Relative("/api/v1/assets/import" + query), content, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
