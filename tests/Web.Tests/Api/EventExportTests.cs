using System.Net;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Beacon.Web.Api;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api;

public sealed class EventExportTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\uff1dHYPERLINK(\"http://x\")")]
    public void Row_FormulaInAValue_IsText(string value)
    {
        var e = new SecurityEvent();
        e.Add("message", value);
        e.Add("user.name", "a\"b,c\r\nd");
        var row = EventCsv.Row(e, ["message", "user.name", "not.there"]);
        Assert.StartsWith("\"'", row, StringComparison.Ordinal);
        Assert.EndsWith(",\"a\"\"b,c\r\nd\",", row, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_SeveralValues_StandInOneCell()
    {
        var e = new SecurityEvent();
        e.Add("host.ip", "192.0.2.1");
        e.Add("host.ip", "192.0.2.2");
        Assert.Equal("192.0.2.1; 192.0.2.2", EventCsv.Row(e, ["host.ip"]));
    }

    [Fact]
    public async Task Export_BothFormats_AreFilesAndInTheAuditTrail()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var csv = await client.GetAsync(new Uri("/api/v1/events/export?format=csv&q=event.module:none&fields=@timestamp,%3Devil", UriKind.Relative), None);
        Assert.Equal(HttpStatusCode.OK, csv.StatusCode);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", csv.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("\"'@timestamp\",\"'=evil\"\r\n", await csv.Content.ReadAsStringAsync(None));
        using var lines = await client.GetAsync(new Uri("/api/v1/events/export?q=event.module:none", UriKind.Relative), None);
        Assert.Equal("", await lines.Content.ReadAsStringAsync(None));
        var trail = await beacon.Host.Services.GetRequiredService<IAuditTrail>().QueryAsync(new AuditQuery { Action = "events." }, None);
        Assert.Contains(trail, a => a.Action == "events.export" && a.After.Contains("event.module:none", StringComparison.Ordinal));
        Assert.Contains(trail, a => a.Action == "events.exported" && a.After.StartsWith("0 events", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("q=a:(")]
    [InlineData("format=xlsx")]
    [InlineData("limit=0")]
    [InlineData("limit=100001")]
    [InlineData("format=csv&fields=,")]
    [InlineData("q=message:10.0.0.0%2F8&format=csv&from=9999-12-31T00:00:00Z")]
    public async Task Export_WhatMakesNoSense_IsRefusedOrEmpty(string query)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await client.GetAsync(new Uri("/api/v1/events/export?" + query, UriKind.Relative), None);
        if (query.Contains("9999", StringComparison.Ordinal)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        else Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }
}
