using Beacon.Web.Commands.Bench;

namespace Beacon.Web.Tests.Commands.Bench;

public class ServerMetricsTests
{
    private const string Text = """
        # TYPE beacon_collectors_spool_frames gauge
        beacon_collectors_spool_frames{otel_scope_name="Beacon.Collectors"} 12 1764000000000
        beacon_collectors_received_total{source="a}b"} 3
        beacon_collectors_received_total{source="b"} 4.5e1
        beacon_collectors_received_total_other 9
        plain 7
        """;

    [Theory]
    [InlineData("beacon_collectors_spool_frames", 12)]
    [InlineData("beacon_collectors_received_total", 48)]
    [InlineData("plain", 7)]
    public void Sum_KnownName_AddsItsLabels(string name, double expected) => Assert.Equal(expected, ServerMetrics.Sum(Text, name));

    [Fact]
    public void Sum_UnknownName_IsNull() => Assert.Null(ServerMetrics.Sum(Text, "beacon"));
}
