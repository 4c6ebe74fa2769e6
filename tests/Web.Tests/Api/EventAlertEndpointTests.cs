using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api;

public sealed class EventAlertEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_OfAnEvent_AreFoundByItsId()
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = SecurityEventId.From(0xA1, 7);
        await beacon.Host.Services.GetRequiredService<IDetectionSink>().CommitAsync([new Detection
        {
            Id = new DetectionId("event-alert"), RuleId = "r-event-alert", RuleTitle = "A rule", RuleKind = "sigma", Severity = Severity.Low, Time = now, Received = now,
            Entity = new Entity(EntityKind.Host, "bas-77"), Event = new SecurityEvent { Id = id, Timestamp = now },
        }], null, Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        var alert = Assert.Single((await client.GetFromJsonAsync<JsonArray>(Path($"/{id}/alerts"), Stop))!)!;
        Assert.Equal((id.ToString(), "Low", "New"), (alert["eventId"]!.GetValue<string>(), alert["severity"]!.GetValue<string>(), alert["status"]!.GetValue<string>()));
        Assert.Empty((await client.GetFromJsonAsync<JsonArray>(Path($"/{SecurityEventId.From(0xA1, 8)}/alerts"), Stop))!);
        using var none = await client.GetAsync(Path("/nothing/alerts"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Events_WithAlertIds_AreAskedForInPagesThatOneLookUpCovers()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var tooMany = await client.GetAsync(Path("?alertIds=true&limit=201"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
        var page = (await client.GetFromJsonAsync<JsonObject>(Path("?alertIds=true&limit=200"), Stop))!;
        Assert.All(page["events"]!.AsArray(), static e => Assert.IsType<JsonArray>(e!["_alerts"]));
        Assert.All((await client.GetFromJsonAsync<JsonObject>(Path("?limit=10"), Stop))!["events"]!.AsArray(), static e => Assert.False(e!.AsObject().ContainsKey("_alerts")));
    }

    private static Uri Path(string path) => new("/api/v1/events" + path, UriKind.Relative);
}
