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
}
