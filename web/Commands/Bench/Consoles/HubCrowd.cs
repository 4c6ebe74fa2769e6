using System.Diagnostics;
using Beacon.Web.Hosting;
using Beacon.Web.Live;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>Many hub clients that all follow everything: from a change's commit to each of them, and whether each got all.</summary>
internal sealed class HubCrowd(string address, string authorization, int clients, ProbeLog probes, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly HubFollower[] _clients = [.. Enumerable.Range(0, clients).Select(_ => new HubFollower(address, authorization))];
    private readonly long[] _counts = new long[clients], _last = new long[clients];
    private Latencies _latencies = new();
    private Task[] _following = [];

    public long Received => _counts.Sum(static n => Interlocked.Read(ref n));

    /// <summary>Changes that some client got and another did not.</summary>
    public long Missing { get; private set; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var client in _clients) await client.StartAsync(cancellation);
        // From here on, however late a client's stream begins.
        var from = (await _clients[0].StateAsync(cancellation)).Latest;
        _following = [.. _clients.Select((c, i) => FollowAsync(c, i, from))];
    }

    /// <summary>Forgets what was measured so far.</summary>
    public void Begin() => _latencies = new();

    /// <exception cref="CommandException">A client's stream ended.</exception>
    public void ThrowIfBroken()
    {
        if (_following.FirstOrDefault(f => f.IsFaulted) is { } broken) throw new CommandException($"The hub broke off: {broken.Exception!.InnerException!.Message}");
    }

    /// <summary>Waits until every client has the newest change, a minute at most, and counts what is missing.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Patience)
        {
            var latest = (await _clients[0].StateAsync(cancellation)).Latest;
            if (_last.All(n => n >= latest)) break;
            ThrowIfBroken();
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellation);
        }
        var most = _counts.Max();
        Missing = _counts.Sum(n => most - n);
    }

    public void Report(BenchReport report) => report.Add("changes", _counts.Max()).Add("pushes", _latencies.Count).Add("missing_pushes", Missing)
        .Add("push_p50_ms", _latencies.Quantile(0.5)).Add("push_p99_ms", _latencies.Quantile(0.99)).Add("push_max_ms", _latencies.Quantile(1));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_following).ContinueWith(static _ => { }, TaskScheduler.Default);
        foreach (var client in _clients) await client.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested) await StopAsync();
        _stop.Dispose();
    }

    private async Task FollowAsync(HubFollower client, int index, long from)
    {
        try
        {
            await foreach (var change in client.FollowAsync(from, _stop.Token))
            {
                _latencies.Add((clock.GetUtcNow().UtcDateTime - change.At).TotalMilliseconds);
                // One of them is enough to know how long it took from the receipt of the line.
                if (index == 0 && change.Kind == "alert") probes.Note(change.Payload);
                Interlocked.Increment(ref _counts[index]);
                Interlocked.Exchange(ref _last[index], change.Sequence);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
