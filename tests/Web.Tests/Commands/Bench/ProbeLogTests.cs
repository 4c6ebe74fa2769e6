using System.Globalization;
using System.Text.Json;
using Beacon.Web.Commands.Bench;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Web.Tests.Commands.Bench;

public class ProbeLogTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Note_PushedAlert_MeasuresFromReceiptAndFromSending()
    {
        var probes = new ProbeLog(_clock);
        var line = probes.Next();
        _clock.Advance(TimeSpan.FromMilliseconds(40));
        var received = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMilliseconds(60));

        probes.Note(Payload("probe-00", 1, received));

        Assert.Contains("probe-00", line, StringComparison.Ordinal);
        var report = BenchReport.Row();
        probes.Report(report);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(60, json.RootElement.GetProperty("p50_ms").GetDouble());
        Assert.Equal(100, json.RootElement.GetProperty("sent_p99_ms").GetDouble());
        Assert.Equal(1, json.RootElement.GetProperty("probes_pushed").GetInt64());
    }

    [Theory]
    [InlineData("""{"entity":{"value":"other"},"count":1,"lastReceived":"2026-11-24T09:00:00Z"}""")]
    [InlineData("""{"entity":{"value":"probe-00"},"count":2,"lastReceived":"2026-11-24T09:00:00Z"}""")]
    [InlineData("""{"count":1}""")]
    public void Note_AlertOfNoProbe_ChangesNothing(string payload)
    {
        var probes = new ProbeLog(_clock);
        probes.Next();
        probes.Note(payload);
        Assert.Equal(0, probes.Pushed);
    }

    [Fact]
    public void Note_SameAlertPushedAgain_CountsOnce()
    {
        var probes = new ProbeLog(_clock);
        probes.Next();
        for (var i = 0; i < 3; i++) probes.Note(Payload("probe-00", 1, _clock.GetUtcNow()));
        Assert.Equal(1, probes.Pushed);
    }

    [Fact]
    public void Next_AfterAllHosts_ComesAgainAsTheAlertsSecond()
    {
        var probes = new ProbeLog(_clock);
        for (var i = 0; i <= ProbeLog.Hosts; i++) probes.Next();
        probes.Note(Payload("probe-00", 2, _clock.GetUtcNow()));
        Assert.Equal(1, probes.Pushed);
    }

    [Fact]
    public void Quantile_OfHundred_IsTheValueAtThatRank()
    {
        var values = Enumerable.Range(1, 100).Select(n => (double)n).Reverse().ToList();
        Assert.Equal(50, ProbeLog.Quantile(values, 0.5));
        Assert.Equal(99, ProbeLog.Quantile(values, 0.99));
        Assert.Equal(100, ProbeLog.Quantile(values, 1));
        Assert.True(double.IsNaN(ProbeLog.Quantile([], 0.5)));
    }

    private static string Payload(string host, long count, DateTimeOffset received) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"entity":{"kind":"host","value":"{{host}}"},"count":{{count}},"lastReceived":"{{received:O}}"}""");
}
