using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Web.Commands;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Beacon.Web.Tests.Commands;

/// <summary>"incident report" beside a running Beacon.</summary>
public sealed class IncidentReportTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.GetDirectoryName(beacon.Host.Services.GetRequiredService<IOptions<AlertingOptions>>().Value.Evidence.Directory)!;

    private async Task<(int Code, string Text, string Number)> ReportAsync(string format, string? number = null, string language = "en")
    {
        number ??= (await beacon.IncidentAsync(Stop)).Number;
        var file = Path.Combine(Data, "report." + Guid.NewGuid().ToString("N"));
        var code = await IncidentCommand.Create().Parse(["report", number, "--format", format, "--language", language, "--out", file, "--data", Data]).InvokeAsync(null, Stop);
        return (code, File.Exists(file) ? await File.ReadAllTextAsync(file, Stop) : "", number);
    }

    [Theory]
    [InlineData("md", "**TLP:AMBER**\n\n# INC-")]
    [InlineData("html", "<!doctype html>")]
    public async Task Report_AsText_TellsOfTheIncident(string format, string start)
    {
        var (code, text, number) = await ReportAsync(format);
        Assert.Equal(0, code);
        Assert.StartsWith(start, text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(number, text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Report_AsStix_IsABundleWhoseReferencesAreInIt()
    {
        var (code, text, _) = await ReportAsync("stix");
        Assert.Equal(0, code);
        var bundle = JsonNode.Parse(text)!;
        Assert.Equal("bundle", bundle["type"]!.GetValue<string>());
        var objects = bundle["objects"]!.AsArray();
        var ids = objects.Select(o => o!["id"]!.GetValue<string>()).ToHashSet();
        Assert.Equal(objects.Count, ids.Count);
        var report = Assert.Single(objects, o => o!["type"]!.GetValue<string>() is "report" or "grouping")!;
        Assert.NotEmpty(report["object_refs"]!.AsArray());
        Assert.All(report["object_refs"]!.AsArray(), r => Assert.Contains(r!.GetValue<string>(), ids));
        Assert.All(objects, o => Assert.StartsWith(o!["type"]!.GetValue<string>() + "--", o["id"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(objects.Select(o => o!["created"]).OfType<JsonNode>(), c => Assert.EndsWith("Z", c.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Report_InALanguage_IsWrittenInItAndAnUnknownOneEndsWithAnError()
    {
        var (code, text, number) = await ReportAsync("md", language: "zh-Hans");
        Assert.Equal(0, code);
        Assert.Contains("- 严重性：", text, StringComparison.Ordinal);
        (code, text, _) = await ReportAsync("md", number, "xx");
        Assert.NotEqual(0, code);
        Assert.Equal("", text);
    }

    [Fact]
    public async Task Report_OfNoIncident_EndsWithAnError()
    {
        var (code, text, _) = await ReportAsync("md", "INC-1900-0001");
        Assert.NotEqual(0, code);
        Assert.Equal("", text);
    }
}
