using System.Text.Json;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Web.Commands.Rules;

namespace Beacon.Web.Tests.Commands.Rules;

public sealed class SarifReportTests
{
    private static readonly RuleCheck Check = new(1, 0,
    [
        new SigmaFault("/rules/a b/x.yml", 3, 5, "title-dot", FaultSeverity.Warning, "the title ends with a full stop", "leave it out"),
        new SigmaFault("/elsewhere/y.yml", 1, 1, FaultCodes.Yaml, FaultSeverity.Error, "not YAML", ""),
    ]);

    [Fact]
    public void Write_Findings_HaveAllThatTheSchemaRequires()
    {
        var json = JsonDocument.Parse(SarifReport.Write(Check, "/rules")).RootElement;

        Assert.Equal("2.1.0", json.GetProperty("version").GetString());
        Assert.Contains("sarif-schema-2.1.0", json.GetProperty("$schema").GetString(), StringComparison.Ordinal);
        var run = Assert.Single(json.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.Equal("Beacon", driver.GetProperty("name").GetString());
        var rules = driver.GetProperty("rules").EnumerateArray().Select(static r => r.GetProperty("id").GetString()).ToArray();
        Assert.Equal(rules.Length, rules.Distinct().Count());
        Assert.All(driver.GetProperty("rules").EnumerateArray(), static r => Assert.NotEmpty(r.GetProperty("shortDescription").GetProperty("text").GetString()!));
        var results = run.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(["warning", "error"], results.Select(static r => r.GetProperty("level").GetString()));
        Assert.All(results, r => Assert.Equal(r.GetProperty("ruleId").GetString(), rules[r.GetProperty("ruleIndex").GetInt32()]));
        Assert.Equal("the title ends with a full stop (leave it out)", results[0].GetProperty("message").GetProperty("text").GetString());
        var place = results[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("a%20b/x.yml", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal((3, 5), (place.GetProperty("region").GetProperty("startLine").GetInt32(), place.GetProperty("region").GetProperty("startColumn").GetInt32()));
        Assert.Equal("file:///elsewhere/y.yml", results[1].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
    }

    [Fact]
    public void Json_Findings_HaveExactlyTheKeysPromised()
    {
        var json = JsonDocument.Parse(CheckCommand.Json(Check)).RootElement;
        Assert.Equal(1, json.GetProperty("rules").GetInt32());
        var finding = json.GetProperty("findings")[0];
        Assert.Equal(["file", "line", "column", "code", "severity", "message", "hint"], finding.EnumerateObject().Select(static p => p.Name));
        Assert.Equal("warning", finding.GetProperty("severity").GetString());
        Assert.Equal("error", json.GetProperty("findings")[1].GetProperty("severity").GetString());
    }
}
