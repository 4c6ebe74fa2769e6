using Beacon.Detections.Backtests;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Web.Commands.Bench;

/// <summary>A selective rule over all events of a store: what the owner of a rule waits for before it is switched on.</summary>
internal static class StoreBacktest
{
    private const int Rounds = 5;

    /// <summary>Finds about one event in fifty thousand; another user each time, so that no answer is one that is remembered.</summary>
    private static string Rule(int n) => $$"""
        title: A program of one vendor under few names
        id: 5b0d6f2a-0000-4000-8000-00000000000{{n}}
        logsource:
            product: windows
            service: sysmon
        detection:
            selection:
                process.executable|endswith: '\powershell.exe'
                process.command_line|contains|all:
                    - '\Vendor{{17 + n}}\'
                    - '--profile user{{41 + n}}'
            condition: selection
        """;

    /// <summary>Median events a second, the same by processor second of this process, and what was found in all rounds.</summary>
    public static async Task<(double PerSecond, double PerCpuSecond, long Raised)> MeasureAsync(IEventStore store, TimeRange range, CancellationToken cancellation)
    {
        var backtest = new Backtest(store, [], TimeProvider.System);
        var rates = new List<double>();
        var byCpu = new List<double>();
        long raised = 0;
        await backtest.RunTextAsync("bench.yml", Rule(9), range, SigmaReaderOptions.Default, null, cancellation);
        for (var n = 0; n < Rounds; n++)
        {
            var stint = new Stint();
            var report = await backtest.RunTextAsync("bench.yml", Rule(n), range, SigmaReaderOptions.Default, null, cancellation);
            var spent = stint.End();
            rates.Add(report.Events / spent.Seconds);
            byCpu.Add(report.Events / Math.Max(spent.CpuSeconds, 0.001));
            raised += report.Rules.Sum(static r => r.Raised);
        }
        return (ProbeLog.Quantile(rates, 0.5), ProbeLog.Quantile(byCpu, 0.5), raised);
    }
}
