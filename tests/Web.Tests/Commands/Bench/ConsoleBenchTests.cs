using System.Text.Json;
using Beacon.Alerting;
using Beacon.Web.Commands.Bench;
using Beacon.Web.Commands.Bench.Consoles;
using Beacon.Web.Hosting;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Commands.Bench;

/// <summary>What the bench of consoles measures with, against a running Beacon.</summary>
public sealed class ConsoleBenchTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Circuit_AlertComesIn_IsDrawnAnewAndLetGoOf()
    {
        await beacon.Host.Services.GetRequiredService<UserDirectory>().CreateAsync("bench", "", "a long pass phrase 7", [RoleNames.Administrator], "test", Stop);
        var cookies = await ConsolePage.SignInAsync(beacon.Host.Address, "bench", "a long pass phrase 7", Stop);
        await using var circuit = await ConsoleCircuit.OpenAsync(beacon.Host.Address, cookies, Stop);
        circuit.Begin();
        await beacon.IncidentAsync(Stop);
        while (circuit.Batches == 0)
        {
            circuit.ThrowIfBroken();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
        circuit.End();
        Assert.InRange(circuit.Updates, 1, circuit.Batches);
        Assert.True(circuit.Bytes > 0);
        await circuit.CloseAsync(Stop);
    }

    [Fact]
    public async Task SignIn_WrongPassword_IsRefused() =>
        await Assert.ThrowsAsync<CommandException>(() => ConsolePage.SignInAsync(beacon.Host.Address, "nobody", "a long pass phrase 8", Stop));

    [Fact]
    public async Task Crowd_ChangesComeIn_EveryClientGetsAllOfThem()
    {
        var (key, secret) = await beacon.Host.Services.GetRequiredService<ApiKeys>().CreateAsync("crowd", [ApiScopes.Read], null, "test", Stop);
        await using var crowd = new HubCrowd(beacon.Host.Address, "ApiKey " + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{key.Id}:{secret}")), 3, new ProbeLog(TimeProvider.System), TimeProvider.System);
        await crowd.StartAsync(Stop);
        for (var i = 0; i < 5; i++) await beacon.IncidentAsync(Stop);
        await crowd.SettleAsync(Stop);
        crowd.ThrowIfBroken();
        using var json = JsonDocument.Parse(Report(crowd).ToJson());
        Assert.Equal(json.RootElement.GetProperty("pushes").GetInt64(), crowd.Received);
        Assert.Equal(0, crowd.Missing);
        Assert.True(crowd.Received >= 3 * 5);
        await crowd.StopAsync();

        static BenchReport Report(HubCrowd crowd)
        {
            var report = BenchReport.Row();
            crowd.Report(report);
            return report;
        }
    }

    [Fact]
    public void Latencies_ManyValues_AreToldByRank()
    {
        var latencies = new Latencies();
        Assert.True(double.IsNaN(latencies.Quantile(0.5)));
        for (var i = 1; i <= 100; i++) latencies.Add(i);
        latencies.Add(-5);
        latencies.Add(10_000_000);
        Assert.Equal((102, 50, 120_000), (latencies.Count, latencies.Quantile(0.5), latencies.Quantile(1)));
    }

    [Fact]
    public void HeapCommand_IsOneMessageOfItsLength()
    {
        var message = ServerHeap.Command();
        Assert.Equal("DOTNET_IPC_V1\0"u8.ToArray(), message[..14]);
        Assert.Equal(message.Length, BitConverter.ToUInt16(message, 14));
        Assert.Equal(0x80_0000UL, BitConverter.ToUInt64(message, 32));
    }
}
