using System.Diagnostics;
using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Pipeline;
using Beacon.Events;
using Beacon.State;
using Beacon.Storage.DuckDb;
using Beacon.Web.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Web.Commands.Bench;

/// <summary>What a started Beacon keeps on disk: its loss ledger beside it while it runs, its events once it has stopped.</summary>
internal static class ServerData
{
    private const string SourceId = "syslog-tcp";
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(60);

    public static SqliteStateDatabase Open(string data) => SqliteStateDatabase.Open(Path.Combine(data, "beacon.db"), CollectorsSchema.All);

    /// <summary>Waits until every line sent is in the ledger and what else is asked for holds.</summary>
    /// <returns>Seconds until then; what is missing after a minute shows in the report.</returns>
    public static async Task<double> DrainAsync(IStateDatabase state, long sent, Func<bool> also, TimeProvider clock, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < DrainPatience)
        {
            var counts = await CountsAsync(state, clock, cancellation);
            if (counts.Received >= sent && counts.Balances && also()) break;
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellation);
        }
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    public static async Task<LedgerCounts> CountsAsync(IStateDatabase state, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var totals = await LossLedger.ReadTotalsAsync(state, new TimeRange(now.AddDays(-1), now.AddMinutes(2)), cancellation);
        return totals.GetValueOrDefault(SourceId);
    }

    public static async Task<long> RowsAsync(string data, CancellationToken cancellation)
    {
        await using var store = new DuckDbEventStore(new DuckDbOptions { Directory = Path.Combine(data, "events") }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await store.OpenAsync(cancellation);
        return await store.CountAsync(EventFilter.Equal("beacon.source", SourceId), TimeRange.Unbounded, cancellation);
    }

    /// <summary>A key that reads, as the value of the Authorization header. A running Beacon sees it within two seconds.</summary>
    public static async Task<string> KeyAsync(string data, CancellationToken cancellation)
    {
        var authorization = "";
        await StateServices.WithAsync<ApiKeys>(data, async keys =>
        {
            var (key, secret) = await keys.CreateAsync("bench", [ApiScopes.Read], TimeSpan.FromDays(1), "bench", cancellation);
            authorization = "ApiKey " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{secret}"));
            return 0;
        });
        return authorization;
    }
}
