using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Web.Drills;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Commands;

public sealed class DrillTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ransomware_FromEventToLift_TakesItsPathAndTellsEachStage()
    {
        var drill = beacon.Host.Services.GetRequiredService<IDrillLibrary>().Find("ransomware")!;
        var report = await new DrillRunner(drill, null, TimeProvider.System).RunAsync(Stop);
        Assert.Empty(report.Faults);
        Assert.Equal(drill.Path, report.Path);
        Assert.Equal(["event", "detection", "warning", "acknowledgement", "run", "approval"], report.Stages.Select(s => s.Kind).Distinct().Take(6));
        Assert.Equal(["end", "lift"], report.Stages.Select(s => s.Kind).TakeLast(2));
        Assert.Equal(report.Stages.Select(s => s.At).Order(), report.Stages.Select(s => s.At));
        Assert.All(report.Stages.Where(s => s.Kind == "approval"), s => Assert.Equal(DrillPeople.Second, s.Who));
        var html = DrillPage.Render(report with { Title = "<script>" });
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_ListsDrills_AndRefusesUnknownOnesAndReaders()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        var list = await client.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/drills", UriKind.Relative), Stop);
        Assert.Contains(list!["drills"]!.AsArray(), d => d!["name"]!.GetValue<string>() == "ransomware");
        using var forbidden = await client.PostAsync(new Uri("/api/v1/drills/ransomware/run", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        using var operate = await beacon.ClientAsync(ApiScopes.Operate);
        using var unknown = await operate.PostAsync(new Uri("/api/v1/drills/nothing/run", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Api_RunsADrillToItsEnd_AndKeepsItsReport()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read, ApiScopes.Operate);
        using var started = await client.PostAsync(new Uri("/api/v1/drills/brute-force/run", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        using var second = await client.PostAsync(new Uri("/api/v1/drills/ransomware/run", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        // A process of its own does it: its end is asked for until the drill's own limit.
        JsonNode job;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(240));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        do job = (await client.GetFromJsonAsync<JsonNode>(started.Headers.Location, limit.Token))!;
        while (job["state"]!.GetValue<string>() == "Running" && await beat.WaitForNextTickAsync(limit.Token));
        Assert.True(job["state"]!.GetValue<string>() == "Passed", job.ToJsonString());
        Assert.True(job["isDrill"]!.GetValue<bool>());
        Assert.NotEmpty(job["report"]!["stages"]!.AsArray());
        Assert.Contains((await client.GetFromJsonAsync<JsonArray>(new Uri("/api/v1/drills/runs", UriKind.Relative), Stop))!, j => j!["id"]!.GetValue<string>() == job["id"]!.GetValue<string>());
    }
}
